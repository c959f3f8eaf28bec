/* Why a comment is rejected: a number chooses a reason, Enter none, Esc leaves it. */

import { decide, mayDecide } from "./deciding.js";
import { show } from "./list.js";
import { el, part } from "./pieces.js";

const dialog = part("reasons");
let asked = null;

export function ask(node) {
  if (!mayDecide(node, "rejected")) return;
  asked = node;
  const reasons = [...node.querySelectorAll("select[name=reason] option")];
  part("reason-list").replaceChildren(...reasons.map(({ value, text }, number) =>
    el("button", { value: number ? value : "none" }, el("kbd", null, number === 0 ? "Enter" : number < 10 ? `${number}` : "·"), ` ${text}`)));
  if (!reasons.length) return decide(node, "rejected");
  dialog.returnValue = "";
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
  dialog.addEventListener("close", () => {
    const [node, reason] = [asked, dialog.returnValue];
    asked = null;
    show(node);
    if (reason) decide(node, "rejected", reason === "none" ? "" : reason);
  });
}
