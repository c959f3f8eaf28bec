/* What article pages load:
   <afterword-comments site="…" page="…" [title] [sort="newest|oldest|top"] [theme="auto|light|dark"] [lang] [user]>
   Without a theme it has no colours of its own: ink and type are the page's, so it suits light and dark pages. */
import { explain } from "./api.js";
import { watch } from "./arrivals.js";
import css from "./comments.css" with { type: "text" };
import { button, el, quiet } from "./dom.js";
import { seek, target } from "./permalinks.js";
import { Thread } from "./thread.js";
import { wordsOf } from "./words.js";

const AHEAD = "600px"; // of scrolling, at which loading begins
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

class AfterwordComments extends HTMLElement {
  static observedAttributes = ["site", "page", "sort", "lang", "user"];
  #closing;
  #state;

  constructor() {
    super();
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" }); // one may have come with the page
    const script = root.getElementById("state");
    if (script) this.#state = { ...JSON.parse(script.textContent), etag: this.dataset.etag, method: "HEAD" };
    root.adoptedStyleSheets = [sheet];
    // The page's own shortcuts are not for whoever is typing here.
    for (const type of ["keydown", "keypress", "keyup"]) root.addEventListener(type, (event) => event.target.part.contains("field") && event.stopPropagation());
  }
  connectedCallback() { this.#start(); }
  disconnectedCallback() { this.#closing.abort(); }
  attributeChangedCallback() { if (this.#closing && this.isConnected) this.#start(); }

  #start() {
    this.#closing?.abort();
    const { signal } = this.#closing = new AbortController();
    queueMicrotask(() => { // attributes may change one after the other
      if (!signal.aborted) begin(this, this.#state, signal, () => this.#start());
      this.#state = null; // of the page that it came with alone
    });
  }
}

async function begin(host, state, signal, again) {
  const root = host.shadowRoot;
  if (!state) {
    root.replaceChildren(el("section", { className: "coming" }));
    await near(host, signal);
  }
  const words = await wordsOf(host);
  if (signal.aborted) return;
  const thread = new Thread(host, words, signal), { view } = thread;
  if (!state) {
    view.className = "coming";
    view.append(quiet(words.say(M.loading)));
    root.replaceChildren(view);
  }
  try {
    const page = state ?? await thread.fetch();
    if (signal.aborted) return;
    thread.open(page);
    root.replaceChildren(view);
    if (!state) settle(view);
  } catch (problem) {
    if (!signal.aborted) view.replaceChildren(quiet(problem.status ? explain(words, problem) : words.say(M.unloaded)),
      button(words.say(M.tryAgain), again));
    return;
  }
  watch(thread);
  addEventListener("hashchange", () => seek(thread), { signal });
  seek(thread);
}

const near = (host, signal) => new Promise((done) => {
  if (target()) return done();
  const eyes = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    eyes.disconnect();
    done();
  }, { rootMargin: AHEAD });
  eyes.observe(host);
  signal.addEventListener("abort", () => eyes.disconnect());
});

/* What follows the element was held below the lower edge of the window while the comments came. It stays there,
   a little lower for who is scrolling just then, so that nothing that is seen moves. */
function settle(view) {
  const { top } = view.getBoundingClientRect();
  view.className = "";
  if (top < innerHeight) view.style.minHeight = `${innerHeight * 1.2 - top}px`;
}

/* Not while the page is still being read: comments that come along with an element come after its start. */
const define = () => customElements.get("afterword-comments") || customElements.define("afterword-comments", AfterwordComments);
document.readyState === "loading" ? addEventListener("DOMContentLoaded", define) : define();
