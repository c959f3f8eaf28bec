/* Deciding on comments: the next one is there at once, and what the server says comes after. */

import { count, current, putBack, show, takeOut } from "./list.js";
import { el, part, plural, say, timeOf } from "./pieces.js";
import { call } from "./server.js";
import { remember } from "./undoing.js";

const DONE = { approved: "Approved", rejected: "Rejected", spam: "Marked as spam" };
const ILLEGAL = (state) => `A comment that is ${state} cannot be moved there.`;
const AT_ONCE = 500; // the API takes no more
const isReported = new URLSearchParams(location.search).has("reported");
const articleOf = (node) => node.querySelector(".article").textContent;

/* What the item's own form says beside the button. */
function lineOf(node, to, reason) {
  const form = node.querySelector(".decide");
  const { comment, revision, seen, note, message, silent, ...rest } = Object.fromEntries(new FormData(form));
  const line = { comment, revision, seen, to };
  reason ??= rest.reason;
  if (reason) line.reason = reason;
  if (note?.trim()) line.note = note;
  if (silent) line.message = "";
  else if (message?.trim()) line.message = message;
  return line;
}

export const mayDecide = (node, to) => node?.querySelector(`.actions button[value=${to}]`);
export const decide = (node, to, reason) => decideAll([node], to, reason);

let settled = Promise.resolve([]); // what was decided last is told last, whichever answer comes first

/* All of them in as few requests as may be, sent at once; each comment is answered on its own. */
export function decideAll(nodes, to, reason) {
  const chosen = nodes.filter((node) => mayDecide(node, to));
  if (!chosen.length) return;
  const waiting = chosen.map((node) => ({ line: lineOf(node, to, reason), place: takeOut(node) }));
  for (const { line } of waiting) counted(line, -1);
  const before = settled;
  const parts = [];
  for (let first = 0; first < waiting.length; first += AT_ONCE) parts.push(ask(waiting.slice(first, first + AT_ONCE)));
  settled = before.then(() => Promise.all(parts)).then((answers) => answers.flatMap(settle));
  remember(settled);
}

function ask(waiting) {
  const lines = waiting.map(({ line }) => line);
  return call("POST", "/v1/moderation/decisions", { decisions: lines })
    .then(({ results }) => ({ answered: waiting.map((one, number) => ({ ...one, result: results[number] })) }))
    .catch((problem) => ({ waiting, problem }));
}

/* Answers those that moved. */
function settle({ answered, waiting, problem }) {
  if (problem) return failed(waiting, problem);
  const late = answered.filter(({ result }) => result.outcome !== "moved");
  // The last first, so that each finds the one before which it stood.
  for (const one of late.toReversed()) tooLate(one);
  const moved = answered.filter(({ result }) => result.outcome === "moved");
  told(moved, late);
  return moved;
}

function failed(waiting, problem) {
  for (const { line, place } of waiting.toReversed()) {
    counted(line, 1);
    putBack(place);
    mark(place.node, problem.message);
  }
  lookAt(waiting.map(({ place }) => place.node));
  return [];
}

function counted({ seen }, by) {
  if (seen === "held") count("waiting", by);
  else if (isReported) count("reported", by);
}

function told(moved, late) {
  if (moved.length === 0) return lookAt(late.map(({ place }) => place.node));
  const [{ line, place, result }] = moved;
  const done = line.to === line.seen ? "It stays" : DONE[line.to];
  const others = result.campaign?.waiting ? ` ${plural(result.campaign.waiting, "comment")} like it held.` : "";
  if (moved.length === 1 && late.length === 0) return say(`${done} — ${articleOf(place.node)}.${others}`);
  const first = late[0]?.place.node;
  say(`${DONE[line.to]}: ${plural(moved.length, "comment")}. `, ...(first
    ? [`${late.length} had moved meanwhile. `, el("button", { type: "button", onclick: () => show(first) }, "Show")] : []));
}

/* Somebody was first: the comment comes back to say so, and stays until it is dismissed. */
function tooLate({ line, place, result: { outcome, state, by, at } }) {
  const { node } = place;
  putBack(place);
  if (outcome === "conflict") mark(node, `${DONE[state] ?? `Now ${state}`} already by ${by ?? "someone else"}`, at ? ", " : "", at ? timeOf(at) : "", ".");
  else mark(node, outcome === "not-found" ? "This comment is gone: its author deleted it." : ILLEGAL(line.seen));
  node.querySelector(".pick").disabled = true;
  const dismiss = el("button", { type: "button", onclick: () => takeOut(node) }, "Remove from this list");
  node.querySelector(".actions").replaceChildren(dismiss);
  node.querySelector(".more-to-say")?.remove();
}

function mark(node, ...said) {
  node.querySelector(".outcome").replaceChildren(...said);
  node.classList.add("failed");
}

/* Not under the eyes of who reads another one already. */
function lookAt([node]) {
  if (!current() || current() === node) show(node);
  else say(`${node.querySelector(".outcome").textContent} `, el("button", { type: "button", onclick: () => show(node) }, "Show it"));
}

export function start() {
  part("list").addEventListener("submit", (event) => {
    if (!event.target.matches(".decide")) return;
    event.preventDefault();
    decide(event.target.closest("li"), event.submitter?.value);
  });
  // The second click of a double one would hit the next comment, which has just come there.
  part("list").addEventListener("click", (event) => {
    if (event.detail > 1 && event.target.closest(".decide button")) event.preventDefault();
  }, true);
}
