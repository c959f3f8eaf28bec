/* The list of comments: what is there, what comes next, and the place where somebody reads. */

import { freshenTimes, part, say } from "./pieces.js";
import { fetchList } from "./server.js";

const AHEAD = 15; // as many wait below the present one, so that the next is there before it is asked for
const REFRESH_EVERY = 5_000;
const list = part("list");
const more = part("more");
const empty = part("empty");
const fresh = part("fresh");
const query = new URLSearchParams(location.search);
export const isWaiting = (query.get("state") ?? "held") === "held" || query.has("reported");
const isByAge = query.get("order") !== "risk";
// Whatever waits is meant, but what others look at: then these may have all of it.
const isShared = isWaiting && [...query.keys()].every((name) => ["state", "order", "site"].includes(name));
const gone = new Set(); // left the list here: what was asked for earlier must not bring them back
let loading = false;
let last = list.lastElementChild?.dataset.revision; // new comments that wait come behind it

export const items = () => [...list.children];
export const first = () => list.firstElementChild;
export const current = () => document.activeElement?.closest("#list > li");
const key = (node) => node.dataset.revision + node.dataset.state;

const arrivals = [];
export const whenItemsCome = (act) => arrivals.push(act);
const departures = [];
export const whenItemsGo = (act) => departures.push(act);
function come(nodes) {
  nodes.forEach(freshenTimes);
  arrivals.forEach((act) => act(nodes));
}

/* Adopts what is not there yet; answers that. */
function take(found) {
  const known = new Set(items().map(key));
  const nodes = [...found.children].filter((node) => !known.has(key(node)) && !gone.has(key(node)));
  return nodes.map((node) => document.adoptNode(node));
}

export function counts({ waiting, reported }) {
  if (waiting != null) list.dataset.waiting = Math.max(0, waiting);
  if (reported != null) list.dataset.reported = Math.max(0, reported);
  const count = Number(list.dataset.waiting).toLocaleString("en");
  part("waiting").textContent = `${count} waiting`;
  showEdges();
  document.title = `${count === "0" ? "" : `(${count}) `}Queue · Afterword`;
  const raised = Number(list.dataset.reported);
  part("tab-reported").textContent = raised ? `Reported (${raised})` : "Reported";
}

export const count = (name, by) => counts({ [name]: Number(list.dataset[name]) + by });

export function showEdges() {
  const isEmpty = list.childElementCount === 0 && !list.dataset.more;
  const haveOthers = isEmpty && isShared && Number(list.dataset.waiting) > 0;
  more.hidden = !list.dataset.more;
  empty.hidden = !isEmpty || haveOthers;
  part("others").hidden = !haveOthers;
}

export async function loadMore() {
  if (loading || !list.dataset.more) return;
  loading = true;
  try {
    const found = await fetchList(list.dataset.more);
    last = found.lastElementChild?.dataset.revision ?? last;
    const nodes = take(found);
    list.append(...nodes);
    list.dataset.more = found.dataset.more;
    part("failure").textContent = "";
    counts(found.dataset);
    come(nodes);
  } catch (problem) {
    part("failure").textContent = problem.message;
  } finally {
    loading = false;
    showEdges();
  }
}

/* So many comments are below the present one that nobody waits for the next. A batch of a narrow view may be
   empty and yet have another behind it. */
export async function keepAhead() {
  const all = items();
  const here = current();
  if (loading || !list.dataset.more || all.length - (here ? all.indexOf(here) + 1 : 0) >= AHEAD) return;
  await loadMore();
  if (!part("failure").textContent) await keepAhead();
}

async function refresh() {
  if (document.hidden || loading || !isWaiting || (list.dataset.more && isByAge)) return;
  const address = new URL("/desk/items", location);
  address.search = location.search;
  if (isByAge && last && list.childElementCount) address.searchParams.set("after", last);
  loading = true;
  const found = await fetchList(address).catch(() => null);
  loading = false;
  if (!found) return;
  counts(found.dataset);
  if (isByAge || !list.childElementCount) append(found);
  else offer(found);
  showEdges();
}

/* Behind all others: nothing that is looked at moves. */
function append(found) {
  last = found.lastElementChild?.dataset.revision ?? last;
  const nodes = take(found);
  list.append(...nodes);
  list.dataset.more = found.dataset.more;
  if (nodes.length) say(`${nodes.length} new`);
  come(nodes);
}

/* Above what is looked at only when it is asked for. */
function offer(found) {
  const nodes = take(found);
  fresh.hidden = nodes.length === 0;
  if (fresh.textContent !== `${nodes.length} new`) fresh.textContent = `${nodes.length} new`;
  fresh.onclick = () => {
    fresh.hidden = true;
    list.prepend(...nodes);
    come(nodes);
    show(nodes[0]);
  };
}

/* Puts the focus there, and what begins there into sight. */
export function show(node) {
  node.focus({ preventScroll: true });
  const { top, bottom } = node.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) node.scrollIntoView({ block: top < 0 || bottom - top > innerHeight ? "start" : "nearest" });
}

/* The next one takes its place; answers where it was. */
export function takeOut(node) {
  const place = { node, before: node.nextElementSibling };
  gone.add(key(node));
  leave(node);
  return place;
}

export function leave(node) {
  const hadFocus = node.contains(document.activeElement) || document.activeElement === document.body;
  const neighbour = node.nextElementSibling ?? node.previousElementSibling;
  node.remove();
  departures.forEach((act) => act());
  showEdges();
  if (hadFocus && neighbour) show(neighbour);
  else if (hadFocus) (empty.hidden ? more : empty).focus();
  keepAhead();
}

/* Back where it was, while whatever somebody looks at keeps its place on the screen. */
export function putBack({ node, before }) {
  const seen = current();
  const top = seen?.getBoundingClientRect().top;
  gone.delete(key(node));
  if (before?.isConnected) before.before(node); else list.append(node);
  if (seen) scrollBy(0, seen.getBoundingClientRect().top - top);
  showEdges();
}

export function start() {
  come(items());
  counts(list.dataset);
  keepAhead();
  more.addEventListener("click", (event) => {
    if (!list.dataset.more) return;
    event.preventDefault();
    const bottom = list.lastElementChild;
    loadMore().then(() => { const next = bottom ? bottom.nextElementSibling : first(); if (next) show(next); });
  });
  list.addEventListener("focusin", keepAhead);
  document.addEventListener("visibilitychange", refresh);
  setInterval(refresh, REFRESH_EVERY);
  setInterval(() => freshenTimes(list), 60_000);
}
