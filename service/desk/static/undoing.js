/* Taking back what was decided here, the last first. */

import { count, putBack, show } from "./list.js";
import { part, plural, say } from "./pieces.js";
import { call } from "./server.js";

const steps = []; // each the promise of what moved in one go, with its place and decision
const isReported = new URLSearchParams(location.search).has("reported");
const button = part("undo");
let earlier = Promise.resolve();

export function remember(step) {
  steps.push(step);
  button.hidden = false;
}

export function undo() {
  const step = steps.pop();
  if (!step) return say("There is nothing to undo.");
  earlier = earlier.then(() => step).then(takeBack);
}

async function takeBack(moved) {
  const undone = [];
  let problem = null;
  for (const one of moved.toReversed()) {
    try {
      await call("POST", `/v1/moderation/decisions/${one.result.decision}/undo`);
      undone.push(one);
    } catch (error) { problem = error; }
  }
  for (const { place, line } of undone) {
    putBack(place);
    if (line.seen === "held") count("waiting", 1);
    else if (isReported) count("reported", 1);
  }
  if (undone.length) show(undone.at(-1).place.node);
  const done = undone.length === 1 ? "Undone. " : undone.length ? `Undone: ${plural(undone.length, "comment")}. ` : "";
  const left = moved.length - undone.length;
  say(done + (problem ? `${left > 1 ? `${left} were` : "One was"} not: ${problem.message}` : ""));
}

export function start() {
  button.addEventListener("click", undo);
}
