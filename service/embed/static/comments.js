/* <afterword-comments site="…" page="…" [title] [sort="newest|oldest|top"] [theme="auto|light|dark"]>
   Without a theme it has no colours of its own: ink and type are the page's, so it suits light and dark pages.
   Set --afterword-accent, -accent-ink, -font, -ink or -paper on it to change them.
   What readers wrote goes in as text. The one field of HTML, made safe by the server, goes through the
   Trusted Types policy "afterword". No cookies: what a reader may still change is noted in localStorage. */
(() => {
  "use strict";
  if (customElements.get("afterword-comments")) return;

  const API = new URL(document.currentScript.src).origin;
  const OWN = "afterword.own"; // {comment id: {token, until, site, page}}
  const GIVE_UP_AFTER = 30_000;
  const AGO = new Intl.RelativeTimeFormat("en", { numeric: "auto" }); // made once: each costs as much as a comment
  const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" });
  const EXACT = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short" });
  let fields = 0; // makes the ids of fields unique

  const policy = (() => { // a publisher's own policy may forbid this name; insert() then does without
    try { return window.trustedTypes?.createPolicy("afterword", { createHTML: (html) => html }); } catch { return null; }
  })();
  const sleep = (time) => new Promise((done) => setTimeout(done, time));
  const plural = (count, word) => `${new Intl.NumberFormat("en").format(count)} ${word}${count === 1 ? "" : "s"}`;

  function el(tag, properties, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(properties ?? {})) {
      if (name in node) node[name] = value; else node.setAttribute(name, value);
    }
    node.append(...children.filter(Boolean));
    return node;
  }
  const button = (text, onclick, label) => el("button", { type: "button", onclick, "aria-label": label ?? text }, text);
  const quiet = (text) => el("p", { className: "quiet" }, text);

  function insert(html, node) {
    try {
      node.innerHTML = policy ? policy.createHTML(html) : html;
    } catch {
      if (node.setHTML) node.setHTML(html); else node.textContent = html.replace(/<[^>]+>/g, "");
    }
    return node;
  }

  function timeOf(iso) {
    const time = new Date(iso), minutes = Math.max(0, (Date.now() - time) / 60_000);
    const [unit, size] = minutes < 60 ? ["minute", 1] : minutes < 1440 ? ["hour", 60] : ["day", 1440];
    const text = minutes < 1 ? "just now"
      : minutes > 10_080 ? DAY.format(time)
      : AGO.format(-Math.floor(minutes / size), unit);
    return el("time", { dateTime: iso, title: EXACT.format(time) }, text);
  }

  /* The API */

  class Problem extends Error {
    constructor({ status, headers }, { detail, title, errors } = {}) {
      const wait = Math.ceil(headers.get("Retry-After")) || 0;
      super(status === 429 ? `Please wait ${wait ? plural(wait, "second") : "a little"}, then try again.`
        : detail || title || "Something went wrong. Please try again.");
      Object.assign(this, { status, errors });
    }
  }

  async function call(path, { token, key, body, ...options } = {}) {
    const headers = {};
    if (token) headers.Authorization = `Edit ${token}`;
    if (key) headers["Idempotency-Key"] = key;
    if (body) headers["Content-Type"] = "application/json";
    options = { credentials: "omit", signal: AbortSignal.timeout?.(20_000), headers, ...options };
    const answer = await fetch(API + path, { ...options, body: body && JSON.stringify(body) });
    const data = await answer.json().catch(() => undefined);
    if (!answer.ok) throw new Problem(answer, data);
    return data;
  }

  const own = { // storage may be refused or full: then it lasts as long as the page
    here: {},
    all() {
      let stored;
      try { stored = JSON.parse(localStorage.getItem(OWN)); } catch {}
      return Object.entries({ ...stored, ...this.here }).filter(([, kept]) => Date.parse(kept?.until) > Date.now());
    },
    get(id) { return this.all().find(([other]) => other === id)?.[1]; },
    set(id, kept) {
      this.here[id] = kept; // null hides the stored one, too
      try { localStorage.setItem(OWN, JSON.stringify(Object.fromEntries(this.all()))); } catch {}
    },
  };
  const ask = (id, options) => call(`/v1/comments/${id}`, { token: own.get(id)?.token, cache: "no-store", ...options });

  function noteOn({ state, public: isPublic }) {
    const words = isPublic ? "change" : "comment";
    if (state === "received") return "Being checked…";
    if (state === "held") return `A moderator will look at your ${words} first.`;
    return state === "approved" ? "" : `Your ${words} was not published.`;
  }

  /* The form: one for posting, replying and editing */

  function field(name, label, input, hint) {
    const id = `field-${++fields}`;
    Object.assign(input, { id, name }).setAttribute("aria-describedby", `${id}-error`);
    return el("p", null, el("label", { htmlFor: id }, label, hint && el("small", null, ` ${hint}`)), input,
      el("span", { id: `${id}-error`, className: "error" }));
  }

  function person({ name, email }) {
    return el("div", { className: "person" },
      field("author.name", "Name", el("input", { required: true, autocomplete: "name", dir: "auto", value: name })),
      field("author.email", "E-mail", el("input", { type: "email", autocomplete: "email", value: email }), "optional, never shown"),
      el("label", { className: "unseen", "aria-hidden": "true" }, "Leave this empty",
        el("input", { name: "website", tabIndex: -1, autocomplete: "off" })));
  }

  function complain({ form, failure, submit }, problem) {
    failure.textContent = problem.status ? problem.message : "The connection failed. Your text is still here.";
    if (!problem.status || problem.status >= 500) submit.textContent = "Try again";
    for (const [name, messages] of Object.entries(problem.errors ?? {}).reverse()) {
      const input = form.elements.namedItem(name);
      if (!input || name === "website") continue;
      input.setAttribute("aria-invalid", "true");
      input.nextSibling.textContent = [messages].flat().join(" ");
      input.focus();
    }
  }

  function forgive(form) {
    for (const note of form.querySelectorAll(".error")) note.textContent = "";
    for (const input of form.elements) input.removeAttribute("aria-invalid");
  }

  /* `send(words, {key, trap})` makes the call. The same words sent again are the same request with the same
     key, so that a retry after a lost answer posts nothing twice. */
  function composer({ label, action, author, body = "", send, cancel }) {
    const shown = performance.now();
    const failure = el("p", { className: "error", role: "alert" });
    const submit = el("button", { className: "primary" }, action);
    const form = el("form", { "aria-label": label }, author && person(author),
      field("body", label, el("textarea", { required: true, rows: 4, dir: "auto", value: body })),
      failure, el("p", { className: "buttons" }, submit, cancel && button("Cancel", cancel)));
    const text = (name) => form.elements.namedItem(name)?.value.trim() ?? "";
    let busy, sent, request;
    form.onsubmit = async (event) => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      forgive(form);
      const words = { name: text("author.name"), email: text("author.email"), body: text("body") };
      if (sent !== JSON.stringify(words)) {
        request = { key: newKey(), trap: { website: text("website"), seconds: Math.round(performance.now() - shown) / 1000 } };
        sent = JSON.stringify(words);
      }
      try {
        await send(words, request);
        sent = form.elements.body.value = "";
        submit.textContent = action;
      } catch (problem) { complain({ form, failure, submit }, problem); }
      busy = false;
    };
    return form;
  }

  function newKey() { // randomUUID is missing on pages without TLS
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return crypto.randomUUID?.() ?? Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /* The element */

  const sheet = new CSSStyleSheet();

  class AfterwordComments extends HTMLElement {
    static observedAttributes = ["site", "page", "sort"];
    #view = el("section", { title: "", "aria-label": "Comments" }); // the empty title hides the element's own as a tooltip
    #status = el("p", { className: "unseen", role: "status" });
    #heading = el("h3", { tabIndex: -1 });
    #list = el("ol", { className: "thread" });
    #more = button("Load more comments", () => this.#loadMore());
    #next;
    #count = 0;
    #closed = false;
    #turn = 0; // raised by every reload, so that late answers about another page are dropped
    #items = new Map();
    #author = { name: "", email: "" };

    constructor() {
      super();
      const shadow = this.attachShadow({ mode: "open" });
      shadow.adoptedStyleSheets = [sheet];
      shadow.append(this.#view, this.#status);
    }
    connectedCallback() { this.#loadSoon(); }
    disconnectedCallback() { this.#turn++; }
    attributeChangedCallback() { if (this.isConnected) this.#loadSoon(); }
    #loadSoon() {
      const turn = ++this.#turn;
      queueMicrotask(() => turn === this.#turn && this.#load(turn));
    }

    get #url() { return document.querySelector("link[rel=canonical]")?.href || location.href; }
    get #place() { return { site: this.getAttribute("site") ?? "", page: this.getAttribute("page") || this.#url }; }
    #fetch(after, options) {
      const query = new URLSearchParams({ ...this.#place, sort: this.getAttribute("sort") || "newest" });
      if (after) query.set("after", after);
      return call(`/v1/comments?${query}`, options);
    }

    async #load(turn) {
      this.#view.replaceChildren(quiet("Loading comments…"));
      try {
        const thread = await this.#fetch();
        if (turn === this.#turn) this.#open(thread, turn);
      } catch (problem) {
        if (turn !== this.#turn) return;
        const reason = problem.status ? problem.message : "The comments could not be loaded.";
        this.#view.replaceChildren(quiet(reason), button("Try again", () => this.#loadSoon()));
      }
    }

    #open(thread, turn) {
      this.#items.clear();
      this.#closed = thread.mode === "closed";
      this.#list.replaceChildren();
      const note = this.#closed ? "Comments are closed."
        : thread.mode === "premoderated" && "Moderators read every comment before it appears.";
      this.#view.replaceChildren(...[note && quiet(note), !this.#closed && this.#postForm(), this.#heading, this.#list, this.#more].filter(Boolean));
      this.#addPage(thread);
      this.#restoreOwn(turn);
    }

    #addPage(thread) {
      this.#showCount(thread.count);
      for (const comment of thread.comments) this.#draw(comment);
      this.#next = thread.next;
      this.#more.hidden = !thread.next;
    }

    #showCount(count) {
      this.#count = count;
      this.#heading.textContent = count ? plural(count, "comment") : "No comments yet";
    }

    async #loadMore() {
      const turn = this.#turn, last = this.#list.lastChild;
      try {
        const thread = await this.#fetch(this.#next);
        if (turn !== this.#turn) return;
        this.#addPage(thread);
        last?.nextSibling?.firstChild.focus();
      } catch (problem) { this.#say(problem.status ? problem.message : "The connection failed. Please try again."); }
    }

    #say(text) { this.#status.textContent = text; }

    /* Draws a comment, anew if it is there already. What hangs below it stays, and so does a form in use. */
    #draw(comment, note = "") {
      let item = this.#items.get(comment.id);
      if (!item) {
        item = { article: el("article", { tabIndex: -1 }), replies: el("ol", { className: "thread" }) };
        const place = this.#items.get(comment.parent)?.replies ?? this.#list;
        place[note && place === this.#list ? "prepend" : "append"](el("li", null, item.article, item.replies));
        this.#items.set(comment.id, item);
      }
      Object.assign(item, { comment, note });
      if (!item.article.querySelector("form")) this.#redraw(item);
      for (const reply of comment.replies ?? []) this.#draw(reply);
      return item;
    }

    #redraw({ article, comment, note }) {
      const hadFocus = article.contains(this.shadowRoot.activeElement);
      if (!comment.author) return article.replaceChildren(quiet("This comment was removed."));
      const body = el("div", { className: "body", dir: "auto" });
      if (comment.body_html == null) body.append(el("p", { className: "raw" }, comment.body)); else insert(comment.body_html, body);
      const { name, badge } = comment.author;
      article.replaceChildren(el("header", null, el("h4", null, el("bdi", null, name)), badge && el("small", { className: "badge" }, badge),
        timeOf(comment.created_at), comment.edited_at && el("small", null, "edited")), body,
        ...[note && el("p", { className: "note" }, note), this.#actions(comment, note)].filter(Boolean));
      if (hadFocus) article.focus();
    }

    #actions(comment, note) {
      const name = comment.author.name, mine = own.get(comment.id);
      return el("footer", null,
        !note && !this.#closed && button("Reply", () => this.#reply(comment), `Reply to ${name}`),
        mine && button("Edit", () => this.#edit(comment), "Edit your comment"),
        mine && button("Delete", () => this.#confirmDeletion(comment), "Delete your comment"));
    }

    /* Posting, replying, editing */

    #postForm(parent) {
      return composer({
        label: parent ? `Your reply to ${parent.author.name}` : "Your comment",
        action: parent ? "Post reply" : "Post comment",
        author: this.#author,
        send: (words, request) => this.#post(words, request, parent),
        cancel: parent && (() => this.#closeForm(parent.id)),
      });
    }

    #openForm(id, form) {
      const { article } = this.#items.get(id);
      article.querySelector("footer")?.remove();
      if (!article.querySelector("form")) article.append(form);
      const empty = [...article.querySelector("form").elements].find((input) => input.required && !input.value);
      (empty ?? article.querySelector("textarea")).focus();
    }

    #closeForm(id) {
      const item = this.#items.get(id);
      item.article.querySelector("form")?.remove();
      this.#redraw(item);
      (item.article.querySelector("footer button") ?? item.article).focus();
    }

    #reply(comment) { this.#openForm(comment.id, this.#postForm(comment)); }

    async #post({ name, email, body }, { key, trap }, parent) {
      const place = this.#place, turn = this.#turn;
      const receipt = await call("/v1/comments", { method: "POST", key, body: {
        ...place, body, author: email ? { name, email } : { name }, parent: parent?.id, form: trap, page_url: this.#url,
        page_title: (this.getAttribute("title") || document.title).slice(0, 300) || undefined } });
      own.set(receipt.id, { token: receipt.edit_token, until: receipt.editable_until, ...place });
      if (turn !== this.#turn) return;
      this.#author = { name, email };
      if (parent) this.#closeForm(parent.id);
      this.#follow({ ...receipt, parent: parent?.id, author: { name }, body, public: false, created_at: new Date().toISOString() }, turn);
      this.#items.get(receipt.id).article.focus();
    }

    async #edit(comment) {
      try {
        const { body } = await ask(comment.id), turn = this.#turn;
        const form = composer({ label: "Change your comment", action: "Save", body, cancel: () => this.#closeForm(comment.id),
          send: async (words) => {
            const receipt = await ask(comment.id, { method: "PATCH", body: { body: words.body } });
            if (turn !== this.#turn) return;
            this.#closeForm(comment.id);
            this.#follow({ ...comment, ...receipt, public: comment.public ?? true, body: words.body, body_html: null }, turn);
          } });
        this.#openForm(comment.id, form);
      } catch (problem) { this.#complain(comment.id, problem); }
    }

    #complain(id, problem) {
      const { article } = this.#items.get(id);
      article.querySelector(".error")?.remove();
      article.append(el("p", { className: "error", role: "alert" }, problem.status ? problem.message : "The connection failed. Please try again."));
    }

    #confirmDeletion(comment) {
      const footer = this.#items.get(comment.id).article.querySelector("footer");
      const keep = button("Keep it", () => this.#closeForm(comment.id));
      footer.replaceChildren("Delete this comment? ", button("Delete", () => this.#delete(comment)), keep);
      keep.focus();
    }

    async #delete(comment) {
      const item = this.#items.get(comment.id);
      try { await ask(comment.id, { method: "DELETE" }); } catch (problem) { return this.#complain(comment.id, problem); }
      own.set(comment.id, null);
      this.#recount(!item.note || item.comment.public ? -1 : 0);
      item.comment = null;
      if (item.replies.firstChild) this.#draw({ ...comment, author: null, replies: [] }); else item.article.parentNode.remove();
      this.#say("Your comment was deleted.");
      this.#heading.focus();
    }

    /* Shows what becomes of the reader's own comment: quick looks at first, as screening takes milliseconds. */
    async #follow(comment, turn) {
      const drawn = comment, wasPublic = comment.public, end = Date.now() + GIVE_UP_AFTER;
      const item = this.#draw(comment, noteOn(comment));
      this.#say(item.note);
      for (let pause = 150; comment.state === "received"; pause = Math.min(pause * 1.5, 2000)) {
        if (Date.now() > end) return this.#draw(comment, "It will appear once it has been checked.");
        await sleep(pause);
        const latest = await ask(comment.id).catch(() => null);
        if (turn !== this.#turn || item.comment !== drawn) return;
        comment = { ...comment, ...latest };
      }
      this.#draw(comment, noteOn(comment));
      this.#say(item.note || "Your comment is published.");
      if (comment.state === "approved") this.#recount(wasPublic ? 0 : 1);
    }

    #recount(change) { // and asks past the browser's cache, which would show the old list after a reload
      this.#showCount(this.#count + change);
      this.#fetch(null, { cache: "no-cache" }).catch(() => {});
    }

    async #restoreOwn(turn) { // what this reader wrote and nobody else can see yet
      const { site, page } = this.#place;
      for (const [id, kept] of own.all()) {
        if (kept.site !== site || kept.page !== page) continue;
        const comment = await ask(id).catch(() => null);
        if (turn !== this.#turn) return;
        if (comment && !["approved", "withdrawn"].includes(comment.state)) this.#follow(comment, turn);
      }
    }
  }

  sheet.replaceSync(`
    :host { display: block; position: relative; font-family: var(--afterword-font, inherit); color: var(--afterword-ink, inherit);
      text-align: start; --soft: color-mix(in srgb, currentColor 76%, transparent);
      --rule: color-mix(in srgb, currentColor 22%, transparent); --edge: color-mix(in srgb, currentColor 58%, transparent);
      --wrong: color-mix(in srgb, currentColor 45%, #e00000); }
    :host([hidden]), [hidden] { display: none; }
    :host([theme]) { padding: 1em; color-scheme: light dark; color: var(--afterword-ink, light-dark(#1c1b19, #ebe8e2));
      background: var(--afterword-paper, light-dark(#fff, #191816)); }
    :host([theme=light]) { color-scheme: light; }
    :host([theme=dark]) { color-scheme: dark; }
    * { box-sizing: border-box; }
    :focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
    h3 { margin: 2em 0 0; padding-bottom: .5em; border-bottom: 1px solid var(--rule); font-size: 1.05em; }
    h4 { margin: 0; font-size: 1em; overflow-wrap: anywhere; }
    .thread { margin: 0; padding: 0; list-style: none; }
    .thread .thread { padding-inline-start: clamp(.75em, 3vw, 1.5em); border-inline-start: 1px solid var(--rule); }
    .thread .thread .thread .thread .thread .thread { padding-inline-start: 0; border: 0; }
    .thread .thread article { padding: .6em 0; }
    section > .thread > li > .thread:not(:empty) { margin-bottom: 1em; }
    section > .thread > li + li { border-top: 1px solid var(--rule); }
    article { padding: 1em 0; }
    header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .75em; }
    time, small, .quiet, .note { color: var(--soft); font-size: .85em; font-weight: normal; }
    article .quiet { margin: 0; }
    .badge { padding: 0 .4em; border: 1px solid var(--edge); border-radius: 2px; }
    .body { margin: .35em 0; overflow-wrap: anywhere; overflow: clip; overflow-clip-margin: 4px; }
    .body > * { margin: 0 0 .6em; }
    .body a { color: inherit; }
    .body ul { list-style: disc; }
    .body pre { overflow-x: auto; }
    .body blockquote { padding-inline-start: .8em; border-inline-start: 3px solid var(--rule); }
    .raw { white-space: pre-wrap; }
    .note { font-style: italic; }
    .error { display: block; margin: .3em 0 0; color: var(--wrong); font-size: .9em; }
    .error:empty, footer:empty { display: none; }
    footer, .buttons { display: flex; flex-wrap: wrap; align-items: center; gap: .25em 1em; margin: 0; font-size: .9em; }
    form { margin: .5em 0; }
    .buttons { margin-top: .75em; font-size: 1em; }
    .person { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 14em), 1fr)); gap: 0 1em; }
    form p { margin: 0 0 .75em; }
    label { display: block; margin-bottom: .25em; font-size: .9em; font-weight: bold; }
    input, textarea { display: block; width: 100%; padding: .5em .6em; border: 1px solid var(--edge); border-radius: 3px;
      background: transparent; color: inherit; font: inherit; }
    textarea { resize: vertical; }
    [aria-invalid] { border-color: var(--wrong); }
    button { min-height: 1.75em; padding: .15em 0; border: 0; background: none; color: inherit; font: inherit;
      text-decoration: underline; text-decoration-color: var(--edge); text-underline-offset: .2em; cursor: pointer; }
    button:hover { text-decoration-color: currentColor; text-decoration-thickness: 2px; }
    .primary { padding: .5em 1.1em; border-radius: 3px; background: var(--afterword-accent, #2a69ac);
      color: var(--afterword-accent-ink, #fff); font-weight: bold; text-decoration: none; }
    .primary:hover { filter: brightness(1.1); text-decoration: none; }
    .unseen { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  `);
  customElements.define("afterword-comments", AfterwordComments);
})();
