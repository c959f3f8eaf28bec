/* What readers think of others' comments: votes, and reports to the moderators. */
import { call, signedIn } from "./api.js";
import { redraw } from "./comment.js";
import { button, el } from "./dom.js";
import { field, primary, row } from "./form.js";
import { marks, own, readerId } from "./memory.js";
import { closeForm } from "./posting.js";

const mark = (id, values) => marks.set(id, { ...marks.get(id), ...values });
const send = (thread, id, what, method, body) => call(`/v1/comments/${id}/${what}`,
  { method, body, headers: signedIn(thread) || { "Afterword-Reader": readerId() } });

const REASONS = [["spam", M.spam], ["abuse", M.abuse], ["off-topic", M.offTopic], ["personal-data", M.personalData], ["other", M.other]];

export function votes(thread, { id, votes, author }) {
  const { voting } = thread.rules, { words } = thread, cast = marks.get(id)?.vote ?? 0;
  const arrow = (sign, value, message) => el("button", { type: "button", part: "button vote", ariaPressed: String(cast === value),
    disabled: Boolean(own.get(id)), ariaLabel: `${words.say(message, author)}: ${votes}`, onclick: () => vote(thread, id, value) }, sign);
  return voting === "off" ? [] : [el("span", { className: "votes" }, arrow("▲", 1, M.up), String(votes),
    voting === "both" && arrow("▼", -1, M.down))];
}

async function vote(thread, id, value) {
  const item = thread.items.get(id), before = marks.get(id)?.vote ?? 0, after = before === value ? 0 : value;
  try {
    await send(thread, id, "vote", after ? "PUT" : "DELETE", after && { value: after });
  } catch (problem) { return thread.complain(problem); }
  mark(id, { vote: after });
  item.comment.votes += after - before;
  redraw(thread, item);
  item.article.querySelectorAll(".votes button")[value < 0 ? 1 : 0].focus();
}

export function reportForm(thread, { id, author }) {
  const { words } = thread, note = el("textarea", { id: `note-${id}`, rows: 2, maxLength: 1000, dir: "auto" });
  const reason = el("select", { id: `reason-${id}` }, ...REASONS.map(([value, message]) => el("option", { value }, words.say(message))));
  return el("form", { part: "form", ariaLabel: words.say(M.reportTheirs, author), onsubmit: async (event) => {
    event.preventDefault();
    try {
      await send(thread, id, "reports", "POST", { reason: reason.value, note: note.value.trim() || undefined });
    } catch (problem) { return thread.complain(problem); }
    mark(id, { reported: true });
    closeForm(thread, id);
    thread.tell(words.say(M.reported));
  } }, field(words.say(M.reason), reason), field(words.say(M.details), note), row(primary(words.say(M.sendReport)), button(words.say(M.cancel), () => closeForm(thread, id))));
}
