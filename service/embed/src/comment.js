/* One comment: who wrote it, the text, and what a reader may do with it. */
import { button, el, quiet } from "./dom.js";
import { insert } from "./html.js";
import { markdown } from "./markdown.js";
import { marks, own } from "./memory.js";
import { confirmDeletion, edit } from "./own.js";
import { openForm, postForm } from "./posting.js";
import { reportForm, votes } from "./votes.js";

const DEEPEST = 4; // replies to what is this deep stand beside it and say whom they answer

/* Draws a comment, anew if it is there already. What hangs below it stays, and so does a form in use. */
export function draw(thread, comment, note = "", first) {
  const item = thread.items.get(comment.id) ?? place(thread, comment, first);
  Object.assign(item, { comment, note });
  if (!item.article.querySelector("form")) redraw(thread, item);
  for (const reply of comment.replies ?? []) draw(thread, reply);
  return item;
}

function place(thread, comment, first) {
  const parent = thread.items.get(comment.parent), depth = parent ? parent.depth + 1 : 0;
  const article = el("article", { part: "comment", tabIndex: -1 }), replies = el("ol");
  const item = { parent, depth, article, replies, below: 0, li: el("li", {}, article, replies) };
  item.toggle = button("", () => unfold(thread, item, replies.hidden));
  const list = !parent ? thread.list : parent.depth < DEEPEST ? parent.replies : parent.li.parentNode;
  list[first ? "prepend" : "append"](item.li);
  thread.items.set(comment.id, item);
  for (let above = parent; above; above = above.parent) {
    above.below++;
    unfold(thread, above, true);
    if (above.below === 1) redraw(thread, above);
  }
  return item;
}

export function unfold({ words }, { toggle, replies, below }, open) {
  replies.hidden = !open;
  toggle.textContent = words.say(M.replies, { n: below });
  toggle.ariaExpanded = String(open);
}

export function redraw(thread, item) {
  const { article, comment, note } = item, body = el("div", { className: "body", part: "body", dir: "auto" });
  if (article.querySelector("form")) return;
  const hadFocus = article.contains(thread.root.activeElement);
  if (!comment.author) body.append(quiet(thread.words.say(M.removed)));
  else if (comment.body_html == null) body.append(...markdown(comment.body)); else insert(comment.body_html, body);
  article.replaceChildren(comment.author ? heading(thread, item) : "", body,
    ...[note, comment.message].filter(Boolean).map((said) => el("p", { className: "note", part: "note", dir: "auto" }, said)), actions(thread, item));
  if (hadFocus) article.focus();
}

function heading({ words }, { comment, depth, parent, published }) {
  const { author: { name, badge }, created_at: created, edited_at: edited, partly_removed: cut } = comment, answered = depth > DEEPEST && parent.comment;
  return el("header", {}, el("h3", { part: "author", dir: "auto" }, name), badge && el("small", { className: "badge", part: "badge" }, badge),
    answered?.author && link(answered.id, words.say(M.inReplyTo, answered.author)), link(comment.id, words.time(created)),
    edited && el("small", {}, words.say(M.edited)),
    cut && el("small", {}, words.say(M.partlyRemoved)),
    published && el("small", {}, words.say(M.published)));
}

const link = (id, content) => el("a", { className: "quiet", part: "time", href: `${location.href.split("#")[0]}#comment-${id}` }, content);

function actions(thread, { comment, note, replies, toggle, depth }) {
  const { id, author } = comment, { words } = thread, mine = own.get(id), isPublic = author && !note;
  const act = (message, label, onclick) => button(words.say(message), onclick, words.say(label, author));
  return el("footer", {}, ...isPublic ? votes(thread, comment) : [],
    isPublic && thread.takesComments && act(M.reply, M.replyTo, () => openForm(thread, id, postForm(thread, comment))),
    depth <= DEEPEST && replies.firstChild && toggle,
    author && mine && act(M.edit, M.editYours, () => edit(thread, comment)),
    author && mine && act(M.delete, M.deleteYours, () => confirmDeletion(thread, comment)),
    isPublic && !mine && !marks.get(id)?.reported && act(M.report, M.reportTheirs, () => openForm(thread, id, reportForm(thread, comment))));
}
