/* The queue by keyboard. */

import { decide } from "./deciding.js";
import { current, first, loadMore, show } from "./list.js";
import { part, say } from "./pieces.js";
import { ask } from "./reasons.js";
import { toggle } from "./selecting.js";
import { undo } from "./undoing.js";

const STORED = "afterword-keys";
const help = part("help");

function step(by) {
  const here = current();
  const target = here ? (by > 0 ? here.nextElementSibling : here.previousElementSibling) : first();
  if (target) show(target);
  else if (by > 0) loadMore();
}

function openArticle(node) {
  const address = node?.querySelector("a.article")?.href;
  if (address) open(address, "_blank", "noopener");
  else if (node) say("The address of this article is not known.");
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  a: () => decide(current(), "approved"),
  r: () => ask(current()),
  s: () => decide(current(), "spam"),
  u: () => undo(),
  e: () => openArticle(current()),
  x: () => toggle(current(), false),
  X: () => toggle(current(), true),
  "?": () => help.showModal(),
};
const REPEATED = new Set(["j", "k"]); // held down, only these go on

function onKey(event) {
  const isTyping = event.target.closest("textarea, select, [type=search], [type=date], [type=text], dialog");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !part("keys").checked) return;
  const act = KEYS[event.key];
  if (!act || (event.repeat && !REPEATED.has(event.key))) return;
  event.preventDefault();
  act(event);
}

/* Who does not want keys keeps them off on later days, too. */
function remember() {
  try { localStorage.setItem(STORED, part("keys").checked ? "on" : "off"); } catch { /* then not */ }
}

export function start() {
  try { part("keys").checked = localStorage.getItem(STORED) !== "off"; } catch { /* as it came */ }
  part("keys").addEventListener("change", remember);
  part("help-button").hidden = false;
  part("help-button").addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", onKey);
}
