/* What a reader does with a comment of their own, and what becomes of it. */
import { call } from "./api.js";
import { draw } from "./comment.js";
import { button } from "./dom.js";
import { composer } from "./form.js";
import { own } from "./memory.js";
import { closeForm, openForm } from "./posting.js";

const GIVE_UP_AFTER = 30_000;

const ask = (id, options) => call(`/v1/comments/${id}`, { headers: { Authorization: `Edit ${own.get(id)?.token}` }, cache: "no-store", ...options });

function noteOn({ words }, { state, public: isPublic }) {
  return state === "approved" ? "" : words.say(state === "received" ? M.checking
    : state === "held" ? isPublic ? M.heldChange : M.held : isPublic ? M.refusedChange : M.refused);
}

export async function edit(thread, comment) {
  const { words } = thread, { id } = comment;
  try {
    const { body } = await ask(id);
    openForm(thread, id, composer(words, { label: words.say(M.change), action: words.say(M.save), body, most: thread.rules.max_characters,
      cancel: () => closeForm(thread, id), send: (said) => save(thread, comment, said.body) }));
  } catch (problem) { thread.complain(problem); }
}

async function save(thread, comment, body) {
  const receipt = await ask(comment.id, { method: "PATCH", body: { body } });
  if (thread.signal.aborted) return;
  closeForm(thread, comment.id);
  follow(thread, { public: true, ...comment, ...receipt, body, body_html: null });
}

export function confirmDeletion(thread, comment) {
  const { words } = thread, keep = button(words.say(M.keep), () => closeForm(thread, comment.id));
  thread.items.get(comment.id).article.querySelector("footer").replaceChildren(words.say(M.deleteThis),
    button(words.say(M.delete), () => remove(thread, comment)), keep);
  keep.focus();
}

async function remove(thread, comment) {
  const { id } = comment, item = thread.items.get(id);
  try { await ask(id, { method: "DELETE" }); } catch (problem) { return thread.complain(problem); }
  own.set(id, null);
  if (!item.note || item.comment.public) thread.recount(-1);
  if (item.replies.firstChild) draw(thread, { ...comment, author: null });
  else {
    item.li.remove();
    thread.items.delete(id);
  }
  thread.tell(thread.words.say(M.deleted));
  thread.heading.focus();
}

/* Shows what becomes of the reader's own comment: quick looks at first, as screening takes milliseconds. */
export async function follow(thread, comment) {
  const end = Date.now() + GIVE_UP_AFTER, drawn = comment, item = draw(thread, comment, noteOn(thread, comment), !comment.parent);
  for (let pause = 150; comment.state === "received"; pause = Math.min(pause * 1.5, 2000)) {
    if (Date.now() > end) return draw(thread, comment, thread.words.say(M.later));
    await new Promise((done) => setTimeout(done, pause));
    const latest = await ask(comment.id).catch(() => null);
    if (thread.signal.aborted || thread.items.get(comment.id) !== item || item.comment !== drawn) return;
    comment = { ...comment, ...latest };
  }
  item.published = comment.state === "approved";
  draw(thread, comment, noteOn(thread, comment));
  if (drawn.state === "received") thread.tell(item.note || thread.words.say(M.nowPublished));
  if (item.published) thread.recount(drawn.public ? 0 : 1);
}

export async function restoreOwn(thread) { // what this reader wrote and nobody else can see yet
  const { place, list } = thread;
  for (const [id, kept] of own.all()) {
    if (kept.site !== place.site || kept.page !== place.page) continue;
    const comment = await ask(id).catch(() => null);
    if (thread.signal.aborted || thread.list !== list) return;
    if (comment && !["approved", "withdrawn"].includes(comment.state)) follow(thread, comment);
  }
}
