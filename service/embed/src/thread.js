/* The conversation under one article: its list, its order, what is said about it. */
import { call, claims, explain } from "./api.js";
import { draw } from "./comment.js";
import { button, el, quiet } from "./dom.js";
import { restoreOwn } from "./own.js";
import { postForm } from "./posting.js";

const ORDERS = { newest: M.newest, oldest: M.oldest, top: M.top };

export class Thread {
  author = { name: "" };

  constructor(host, words, signal) {
    const given = (name, otherwise = "") => host.getAttribute(name) || otherwise;
    const url = document.querySelector("link[rel=canonical]")?.href || location.href;
    Object.assign(this, { host, words, signal, url, root: host.shadowRoot, sort: given("sort", "newest"), user: given("user"), reader: claims(given("user")),
      place: { site: given("site"), page: given("page", url) }, title: given("title", document.title).slice(0, 300) || undefined });
    // The empty title hides the element's own as a tooltip.
    this.view = el("section", { title: "", part: "comments", dir: words.dir, lang: words.language, ariaLabel: words.say(M.section) });
    this.heading = el("h2", { part: "heading", tabIndex: -1 });
    this.list = el("ol");
    this.arrivals = el("p", { className: "arrivals", role: "status" });
    this.more = button(words.say(M.more), () => this.loadMore());
    this.status = el("p", { className: "toast", role: "status" });
  }

  fetch(after = "", options) {
    const query = new URLSearchParams({ ...this.place, sort: this.sort, ...after && { after } });
    return call(`/v1/comments?${query}`, { signal: this.signal, ...options });
  }

  open(page) {
    const { words } = this, isClosed = page.mode === "closed";
    this.rules = page;
    const mustSignIn = page.identity === "required" && !this.user;
    this.takesComments = !isClosed && !mustSignIn;
    const note = isClosed ? M.closed : mustSignIn ? M.signIn : page.mode === "premoderated" && M.premoderated;
    this.view.replaceChildren(page.note ? quiet(page.note) : "", note === false ? "" : quiet(words.say(note)), this.takesComments ? postForm(this) : "",
      el("div", { className: "bar" }, this.heading, this.orders()), this.arrivals, this.list, this.more, this.status);
    this.begin(page);
  }

  begin(page) {
    this.items = new Map(); // {comment id: what is drawn of it}
    Object.assign(this, { etag: page.etag, method: page.method });
    this.list.replaceWith(this.list = el("ol"));
    this.arrivals.replaceChildren();
    this.addPage(page);
    restoreOwn(this);
  }

  addPage({ comments, count, next }) {
    this.showCount(count);
    for (const comment of comments) draw(this, comment);
    this.next = next;
    this.more.hidden = !next;
  }

  orders() {
    const orders = Object.keys(ORDERS).filter((order) => order !== "top" || this.rules.voting !== "off" || this.sort === order);
    return el("select", { part: "field", ariaLabel: this.words.say(M.order), onchange: ({ target }) => this.order(target.value) },
      ...orders.map((order) => el("option", { value: order, selected: order === this.sort }, this.words.say(ORDERS[order]))));
  }

  async order(sort) {
    this.sort = sort;
    try {
      const page = await this.fetch();
      if (this.sort === sort) this.begin(page);
    } catch (problem) { this.complain(problem); }
  }

  showCount(n) {
    this.count = n;
    this.heading.textContent = this.words.say(n ? M.comments : M.none, { n });
  }

  recount(change) { // and asks past the browser's cache, which would show the old list after a reload
    this.showCount(this.count + change);
    this.fetch("", { cache: "no-cache" }).catch(() => {});
  }

  async loadMore() {
    const last = this.list.lastChild;
    try {
      this.addPage(await this.fetch(this.next));
      last?.nextSibling?.firstChild.focus();
    } catch (problem) { this.complain(problem); }
  }

  complain(problem) { if (!this.signal.aborted) this.tell(explain(this.words, problem)); }

  tell(text) {
    this.status.textContent = text;
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.status.replaceChildren(), 8_000);
  }
}
