/* <afterword-count site="…" page="…">: how many comments a page has. All that stand on one page ask together. */
import { call } from "./api.js";
import { wordsOf } from "./words.js";

const MOST = 100; // that one request may ask for
const asking = new Set();

class AfterwordCount extends HTMLElement {
  static observedAttributes = ["site", "page", "lang"];
  connectedCallback() { askSoon(this); }
  attributeChangedCallback(name, before, after) { if (this.isConnected && before !== after) askSoon(this); }
}

function askSoon(element) {
  if (!asking.size) setTimeout(askAll);
  asking.add(element);
}

function askAll() {
  const sites = new Map(); // {site: {page: elements}}
  for (const element of asking) {
    const site = element.getAttribute("site"), page = element.getAttribute("page");
    if (!sites.has(site)) sites.set(site, new Map());
    sites.get(site).set(page, [...sites.get(site).get(page) ?? [], element]);
  }
  asking.clear();
  for (const [site, pages] of sites) {
    const entries = [...pages].filter(([page]) => page);
    while (entries.length) fetchCounts(site, new Map(entries.splice(0, MOST)));
  }
}

async function fetchCounts(site, pages) {
  const query = new URLSearchParams([["site", site], ...[...pages.keys()].map((page) => ["page", page])]);
  const answer = await call(`/v1/counts?${query}`).catch(() => null); // then what the page says stays
  for (const [page, elements] of answer ? pages : []) {
    for (const element of elements) {
      const n = answer.counts[page], words = await wordsOf(element);
      element.textContent = words.say(n ? M.comments : M.none, { n });
    }
  }
}

if (!customElements.get("afterword-count")) customElements.define("afterword-count", AfterwordCount);
