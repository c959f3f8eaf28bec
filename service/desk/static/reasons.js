/* Why a comment is rejected: a number chooses a reason, Enter none, Esc leaves it. */

import { decide, mayDecide } from "./deciding.js";
import { show } from "./list.js";
import { el, part } from "./pieces.js";

const dialog = part("reasons");
let asked = null;

export function ask(node) {
  if (!mayDecide(node, "rejected")) return;
  const reasons = [...node.querySelectorAll("select[name=reason] option")];
  if (!reasons.length) return decide(node, "rejected");
  asked = node;
  part("reason-list").replaceChildren(...reasons.map(({ value, text }, number) =>
    el("button", { value }, el("kbd", null, number === 0 ? "Enter" : number < 10 ? `${number}` : "·"), ` ${text}`)));
  dialog.showModal();
  part("reason-list").firstElementChild.focus();
}

export function start() {
  dialog.addEventListener("keydown", (event) => {
    const chosen = /^[1-9]$/.test(event.key) && part("reason-list").children[event.key];
    if (!chosen || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    chosen.click();
  });
  // At once, and not when the dialog says that it is closed: the next key may be there before.
  part("reason-list").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    event.preventDefault();
    dialog.close();
    show(asked);
    decide(asked, "rejected", button.value);
  });
}
