/* Selecting several comments, to decide on them in one go. */

import { decideAll } from "./deciding.js";
import { items, whenItemsGo } from "./list.js";
import { part, plural } from "./pieces.js";

const bar = part("bulk"); // missing where nothing is to be decided, or not by this person
const boxOf = (node) => node.querySelector(".pick");
const selected = () => items().filter((node) => boxOf(node).checked);
let anchor = null; // where a range begins

export function toggle(node, isRange) {
  if (!node || !bar) return;
  const all = items();
  if (isRange && all.includes(anchor)) {
    const [from, to] = [all.indexOf(anchor), all.indexOf(node)].sort((one, other) => one - other);
    for (const between of all.slice(from, to + 1)) boxOf(between).checked = true;
  } else {
    boxOf(node).checked = !boxOf(node).checked;
  }
  anchor = node;
  showBar();
}

function showBar() {
  if (!bar) return; // who may only read has none
  const count = selected().length;
  bar.hidden = count === 0;
  part("selected").textContent = `${plural(count, "comment")} selected`;
}

function clear() {
  for (const node of selected()) boxOf(node).checked = false;
  showBar();
}

export function start() {
  if (!bar) return;
  part("list").addEventListener("click", (event) => {
    if (!event.target.matches(".pick")) return;
    const node = event.target.closest("li");
    if (event.shiftKey) { event.target.checked = true; toggle(node, true); } else { anchor = node; showBar(); }
  });
  bar.addEventListener("submit", (event) => {
    const to = event.submitter?.value;
    if (event.submitter?.name !== "to") return;
    event.preventDefault();
    const nodes = selected();
    const reason = new FormData(bar).get("reason") ?? "";
    clear();
    decideAll(nodes, to, reason);
  });
  part("select-all").hidden = part("select-none").hidden = false;
  part("select-all").addEventListener("click", () => { for (const node of items()) boxOf(node).checked = true; showBar(); });
  part("select-none").addEventListener("click", clear);
  whenItemsGo(showBar);
  showBar();
}
