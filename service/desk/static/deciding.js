/* Deciding on a comment: the next one is there at once, and what the server says comes after. */

import { count, current, putBack, show, takeOut } from "./list.js";
import { el, part, plural, say, timeOf } from "./pieces.js";
import { call } from "./server.js";

const DONE = { approved: "Approved", rejected: "Rejected", spam: "Marked as spam" };
const ILLEGAL = (state) => `A comment that is ${state} cannot be moved there.`;
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

export async function decide(node, to, reason) {
  if (!mayDecide(node, to)) return;
  const line = lineOf(node, to, reason);
  const place = takeOut(node);
  counted(line, -1);
  try {
    const { results: [result] } = await call("POST", "/v1/moderation/decisions", { decisions: [line] });
    if (result.outcome === "moved") done(place, line, result);
    else tooLate(place, line, result);
  } catch (problem) {
    counted(line, 1);
    putBack(place);
    failed(node, problem.message);
  }
}

function counted({ seen }, by) {
  if (seen === "held") count("waiting", by);
  else if (isReported) count("reported", by);
}

function done(place, line, result) {
  const said = line.to === line.seen ? "It stays" : DONE[line.to];
  const others = result.campaign?.waiting ? ` ${plural(result.campaign.waiting, "comment")} like it held.` : "";
  say(`${said} — ${articleOf(place.node)}.${others}`);
}

/* Somebody was first: the comment comes back to say so, and stays until it is dismissed. */
function tooLate(place, line, { outcome, state, by, at }) {
  const { node } = place;
  putBack(place);
  const said = node.querySelector(".outcome");
  if (outcome === "conflict") said.replaceChildren(`${DONE[state] ?? `Now ${state}`} already by ${by ?? "someone else"}`, at ? ", " : "", at ? timeOf(at) : "", ".");
  else said.replaceChildren(outcome === "not-found" ? "This comment is gone: its author deleted it." : ILLEGAL(line.seen));
  const dismiss = el("button", { type: "button", onclick: () => takeOut(node) }, "Remove from this list");
  node.querySelector(".actions").replaceChildren(dismiss);
  node.querySelector(".more-to-say")?.remove();
  failed(node, null);
}

function failed(node, text) {
  const said = node.querySelector(".outcome");
  if (text) said.textContent = text;
  node.classList.add("failed");
  if (!current() || current() === node) show(node);
  else say(`${said.textContent} `, el("button", { type: "button", onclick: () => show(node) }, "Show it"));
}

export function start() {
  part("list").addEventListener("submit", (event) => {
    if (!event.target.matches(".decide")) return;
    event.preventDefault();
    decide(event.target.closest("li"), event.submitter?.value);
  });
}

