/* Posting and replying, and the forms that stand inside a comment. */
import { call, signedIn } from "./api.js";
import { redraw } from "./comment.js";
import { composer } from "./form.js";
import { own } from "./memory.js";
import { follow } from "./own.js";

export function postForm(thread, parent) {
  const { words, place } = thread;
  return composer(words, {
    label: parent ? words.say(M.yourReply, parent.author) : words.say(M.yours),
    action: words.say(parent ? M.postReply : M.post),
    author: thread.reader ? null : thread.author, reader: thread.reader,
    draft: [place.site, place.page, parent?.id].join(" "),
    most: thread.rules.max_characters,
    send: (said, request) => post(thread, said, request, parent),
    cancel: parent && (() => closeForm(thread, parent.id)),
  });
}

export function openForm(thread, id, form) {
  const { article } = thread.items.get(id);
  article.querySelector("footer").hidden = true;
  article.querySelector("form") ?? article.append(form);
  article.querySelector("select, textarea").focus();
}

export function closeForm(thread, id) {
  const item = thread.items.get(id);
  item.article.querySelector("form")?.remove();
  redraw(thread, item);
  (item.article.querySelector("footer button") ?? item.article).focus();
}

async function post(thread, { name, email, body }, request, parent) {
  const { place, url, title, user } = thread, author = user ? undefined : email ? { name, email } : { name };
  request.body ??= { ...place, body, author, parent: parent?.id, form: request.form, page_url: url, page_title: title };
  const receipt = await call("/v1/comments", { method: "POST", headers: { ...signedIn(thread), "Idempotency-Key": request.key }, body: request.body });
  own.set(receipt.id, { token: receipt.edit_token, until: receipt.editable_until, ...place });
  if (thread.signal.aborted) return;
  thread.author = author;
  if (parent) closeForm(thread, parent.id);
  follow(thread, { ...receipt, parent: parent?.id, author: author ?? thread.reader, body, created_at: new Date().toISOString() });
  thread.items.get(receipt.id).article.focus();
}
