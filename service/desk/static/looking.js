/* Tells what is looked at here, so that others are shown different comments; and who looks at what is shown. */

import { current, isWaiting, items, leave, whenItemsCome } from "./list.js";
import { el } from "./pieces.js";
import { call } from "./server.js";

const RENEW_EVERY = 45_000; // a look lasts two minutes
const MOST = 500; // the API takes no more
const isForAll = new URLSearchParams(location.search).has("everybody");

const open = (nodes) => nodes.filter((node) => node.querySelector(".decide")).slice(0, MOST);

async function look(nodes, { areNew }) {
  const revisions = open(nodes).map((node) => node.dataset.revision);
  if (!revisions.length || !isWaiting) return;
  const answer = await call("PUT", "/v1/moderation/looks", { revisions }).catch(() => null);
  if (!answer) return;
  const others = new Map(answer.others.map(({ revision, by }) => [revision, by]));
  for (const node of nodes) {
    const by = others.get(node.dataset.revision);
    node.querySelector(".look").replaceChildren(...(by ? [el("bdi", null, by), " looks at this"] : []));
    // Somebody asked for the same at the same moment; what is being read already stays.
    if (by && areNew && !isForAll && node !== current() && node.isConnected) leave(node);
  }
}

const renew = () => { if (!document.hidden) look(items(), { areNew: false }); };

export function start() {
  if (!open(items()).length && !isWaiting) return;
  whenItemsCome((nodes) => look(nodes, { areNew: true }));
  setInterval(renew, RENEW_EVERY);
  addEventListener("pageshow", (event) => { if (event.persisted) renew(); });
  addEventListener("pagehide", () => { if (isWaiting && open(items()).length) call("DELETE", "/v1/moderation/looks").catch(() => {}); });
}
