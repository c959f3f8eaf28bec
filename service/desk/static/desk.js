/* The moderators' page: lists revisions by state and sends decisions. Everything a reader wrote is set as text. */

import { el, marked, plural, timeOf, visible } from "./pieces.js";
import { likeIt, whyOf } from "./filter.js";

const PAGE = 25;
const LARGEST_PAGE = 100; // the API gives no more at once
const REFRESH_EVERY = 5_000;
const ACTIONS = {
  held: { approved: "Approve", rejected: "Reject", spam: "Spam" },
  reported: { approved: "Let it stay", rejected: "Reject", spam: "Spam" },
  approved: { rejected: "Reject", spam: "Spam" },
  rejected: { approved: "Approve" },
  spam: { approved: "Approve" },
};
const KEYS = { a: "approved", r: "rejected", s: "spam" };
const REASONS = { spam: "spam", abuse: "abuse", "off-topic": "off topic", "personal-data": "personal data", other: "something else" };
const DONE = { approved: "Approved", rejected: "Rejected", spam: "Marked as spam" };
const NOTHING = { held: "Nothing is waiting.", reported: "Nothing that readers reported is waiting.", approved: "Nothing is approved yet.", rejected: "Nothing is rejected.", spam: "No spam." };

const CSRF = document.querySelector("meta[name=csrf]").content;

const part = (id) => document.getElementById(id);
const { list, more, fresh, empty, failure, status, waiting, filters, help, q } = Object.fromEntries(
  ["list", "more", "fresh", "empty", "failure", "status", "waiting", "filters", "help", "q"].map((id) => [id, part(id)]));

const shown = new Map(); // revision id → {item, node}
const decided = new Set(); // revisions that left the list here: a refresh asked earlier must not bring them back
let next = null;
let campaign = null; // only comments of this one are listed
let turn = 0; // raised by every new listing, so that late answers to an older one are dropped
let loading = false;
let waitingCount = 0;
let reportedCount = 0;

/* The API */

class Problem extends Error {}

async function call(path, body) {
  const headers = { "Afterword-CSRF": CSRF };
  if (body) headers["Content-Type"] = "application/json";
  const answer = await fetch(path, {
    method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body),
    credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(20_000),
  }).catch(() => { throw new Problem("The connection failed. Please try again."); });
  const data = await answer.json().catch(() => ({}));
  if (answer.ok) return data;
  const problem = new Problem(data.detail || data.title || `The server answered ${answer.status}.`);
  if (answer.status === 401) location.assign("/desk/sign-in");
  if (answer.status === 429) problem.message = `Please wait ${answer.headers.get("Retry-After") ?? "a few"} seconds, then try again.`;
  throw Object.assign(problem, { status: answer.status });
}

function fetchItems(after, limit = PAGE) {
  const view = filters.elements.state.value;
  const query = new URLSearchParams({ ...(view === "reported" ? { reported: true } : { state: view }), limit });
  if (q.value.trim()) query.set("q", q.value.trim());
  if (campaign) query.set("campaign", campaign);
  if (after) query.set("after", after);
  return call(`/v1/moderation/queue?${query}`);
}

/* Small pieces */

const articleOf = ({ thread }) => thread.title || thread.page;
let silence;
function say(text) {
  status.textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => { status.textContent = ""; }, 6_000);
}

/* One item */

function articleLink(item) {
  const isAddress = /^https?:\/\//i.test(item.thread.url ?? "");
  const properties = isAddress ? { href: item.thread.url, target: "_blank", rel: "noopener noreferrer" } : {};
  return el(isAddress ? "a" : "span", { className: "article", dir: "auto", ...properties }, articleOf(item));
}

function factsAbout(item) {
  return [
    item.parent && "a reply",
    item.number > 1 && `edited, version ${item.number}`,
    item.author.email_given && "e-mail given",
    item.reports > 0 && plural(item.reports, "report"),
  ].filter(Boolean).map((fact) => el("span", { className: "fact" }, fact));
}

// In the list of what readers reported, a decision may also be that a comment stays.
const actionsOn = (item) => ACTIONS[filters.elements.state.value === "reported" ? "reported" : item.state] ?? {};

function reportsOn({ reports, reported }) {
  if (!reported.length) return null;
  const more = reports - reported.length;
  return el("ul", { className: "findings", "aria-label": "What readers reported" },
    ...reported.map(({ reason, note }) => el("li", { className: "hold" },
      el("b", null, REASONS[reason]), note && " ", note && el("span", { dir: "auto" }, ...visible(note)))),
    more > 0 && el("li", null, `and ${plural(more, "more report")}`));
}

function draw(item) {
  const findings = item.findings.filter((finding) => finding.verdict !== "pass");
  const name = `name-${item.revision}`;
  const actions = Object.entries(actionsOn(item)).map(([to, text]) => el("button", {
    type: "button", className: to, onclick: (event) => event.detail < 2 && decide(item.revision, to) }, text));
  const node = el("li", { tabIndex: -1, "aria-labelledby": name },
    el("header", null, el("h2", { id: name }, el("bdi", null, ...visible(item.author.name))), timeOf(item.created_at), ...factsAbout(item)),
    el("p", { className: "on" }, "on ", articleLink(item)),
    el("p", { className: "body", dir: "auto" }, ...marked(item.body, findings.flatMap((finding) => finding.spans))),
    findings.length > 0 && el("ul", { className: "findings" }, ...findings.map((finding) =>
      el("li", { className: finding.verdict }, el("b", null, finding.check), " ", el("span", { dir: "auto" }, finding.reason)))),
    reportsOn(item),
    whyOf(item),
    likeIt(item, () => showAlike(item.campaign.id)),
    el("p", { className: "outcome failure", role: "alert" }),
    el("p", { className: "actions" }, ...actions));
  shown.set(item.revision, { item, node });
  return node;
}

/* The list */

function clearList() {
  list.replaceChildren();
  shown.clear();
  fresh.hidden = more.hidden = empty.hidden = true;
  failure.textContent = "";
}

function showReported(count) {
  reportedCount = Math.max(0, count);
  part("reported").textContent = reportedCount ? `Reported (${reportedCount})` : "Reported";
}

function showWaiting(count) {
  waitingCount = Math.max(0, count);
  waiting.textContent = `${waitingCount} waiting`;
  document.title = `${waitingCount ? `(${waitingCount}) ` : ""}Afterword · Moderation`;
}

function showEdges() {
  more.hidden = !next;
  empty.hidden = shown.size > 0 || Boolean(next);
  empty.textContent = q.value.trim() ? "Nothing matches." : NOTHING[filters.elements.state.value];
}

/* Puts what is not in the list yet where the server has it, and leaves the rest untouched. */
function merge(items, anchor) {
  for (const item of items) {
    const known = shown.get(item.revision)?.node;
    if (decided.has(item.revision + item.state)) continue;
    const node = known ?? draw(item);
    if (!known && anchor) anchor.after(node);
    else if (!known) list.prepend(node);
    anchor = node;
  }
}

async function load(after) {
  const asked = turn;
  loading = true;
  list.setAttribute("aria-busy", "true");
  try {
    const answer = await fetchItems(after);
    if (asked !== turn) return;
    merge(answer.items, after ? list.lastChild : null);
    next = answer.next;
    failure.textContent = "";
    showWaiting(answer.waiting);
    showReported(answer.reported);
    showEdges();
  } catch (problem) {
    if (asked === turn && problem.status !== 401) failure.textContent = problem.message;
  } finally {
    if (asked === turn) loading = false;
    list.removeAttribute("aria-busy");
  }
}

/* Only comments that are like one another, or all again. */
function showAlike(id) {
  campaign = id;
  part("alike").hidden = !id;
  return reload();
}

function reload() {
  turn++;
  next = null;
  decided.clear();
  clearList();
  return load();
}

async function loadMore() {
  if (loading || !next) return;
  const last = list.lastChild;
  const hadFocus = document.activeElement === more;
  await load(next);
  if (hadFocus) (last ? last.nextSibling : list.firstChild ?? empty)?.focus();
}

async function refresh() {
  const isAway = document.hidden || loading || !["held", "reported"].includes(filters.elements.state.value);
  if (isAway) return;
  const asked = turn;
  // New comments come last: once everything is on the page, they are behind what is shown.
  const limit = next ? PAGE : Math.min(LARGEST_PAGE, shown.size + PAGE);
  const answer = await fetchItems(null, limit).catch(() => null);
  if (!answer || asked !== turn) return;
  showWaiting(answer.waiting);
  showReported(answer.reported);
  const unseen = answer.items.filter(({ revision, state }) => !shown.has(revision) && !decided.has(revision + state));
  if (shown.size === 0) {
    merge(unseen, null);
    next = answer.next;
    showEdges();
    if (unseen.length) say(`${unseen.length} new`);
    return;
  }
  fresh.hidden = unseen.length === 0;
  if (fresh.textContent !== `${unseen.length} new`) fresh.textContent = `${unseen.length} new`;
  fresh.onclick = () => {
    merge(answer.items, null);
    fresh.hidden = true;
    shown.get(unseen[0].revision)?.node.focus();
  };
}

/* Deciding */

async function decide(revision, to) {
  const { item, node } = shown.get(revision) ?? {};
  if (!item || node.hasAttribute("aria-busy") || !actionsOn(item)[to]) return;
  const asked = turn;
  node.setAttribute("aria-busy", "true");
  node.querySelector(".outcome").textContent = "";
  try {
    const decision = { comment: item.comment, revision, seen: item.state, to };
    const { results: [result] } = await call("/v1/moderation/decisions", { decisions: [decision] });
    if (asked !== turn) return;
    const done = to === item.state ? "It stays" : DONE[to];
    const others = result.campaign?.waiting ? ` ${plural(result.campaign.waiting, "comment")} like it held.` : "";
    if (result.outcome === "moved") takeOut(revision, `${done} — ${articleOf(item)}.${others}`);
    else explain(revision, result);
  } catch (problem) {
    node.querySelector(".outcome").textContent = problem.message;
  } finally {
    node.removeAttribute("aria-busy");
  }
}

function takeOut(revision, text) {
  const { item, node } = shown.get(revision);
  const neighbour = node.nextElementSibling ?? node.previousElementSibling;
  const hadFocus = node.contains(document.activeElement) || document.activeElement === document.body;
  shown.delete(revision);
  decided.add(revision + item.state);
  node.remove();
  if (item.state === "held") showWaiting(waitingCount - 1);
  else if (filters.elements.state.value === "reported") showReported(reportedCount - 1);
  showEdges();
  if (hadFocus) (neighbour ?? (empty.hidden ? more : empty)).focus();
  say(text);
  if (shown.size < 5) loadMore();
}

function explain(revision, { outcome, state, by, at }) {
  const { node } = shown.get(revision);
  const place = node.querySelector(".outcome");
  if (outcome === "conflict") place.append(`${DONE[state] ?? `Now ${state}`} already by ${by ?? "someone else"}`, at ? ", " : "", at ? timeOf(at) : "", ".");
  else place.textContent = outcome === "not-found" ? "This comment is gone: its author deleted it." : `A comment that is ${state} cannot be moved there.`;
  const dismiss = el("button", { type: "button", onclick: () => takeOut(revision, "Removed from the list.") }, "Remove from this list");
  node.querySelector(".actions").replaceChildren(dismiss);
  dismiss.focus();
}

/* Keys */

function step(by) {
  const current = document.activeElement.closest?.("#list > li");
  const target = current ? (by > 0 ? current.nextElementSibling : current.previousElementSibling) : list.firstElementChild;
  target?.focus();
  if (!target && by > 0) loadMore();
}

function onKey(event) {
  const isTyping = event.target.closest("textarea, select, [type=search]");
  if (isTyping || help.open || event.ctrlKey || event.metaKey || event.altKey || !part("keys").checked) return;
  const current = document.activeElement.closest("#list > li");
  if (event.key === "?") help.showModal();
  else if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
  else if (KEYS[event.key] && current && !event.repeat) decide(revisionOf(current), KEYS[event.key]);
  else return;
  event.preventDefault();
}

const revisionOf = (node) => [...shown].find(([, entry]) => entry.node === node)?.[0];

/* Wiring */

let typing;
filters.addEventListener("submit", (event) => { event.preventDefault(); reload(); });
filters.addEventListener("change", (event) => event.target !== q && reload());
q.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(reload, 250); });
part("all").addEventListener("click", () => showAlike(null));
more.addEventListener("click", loadMore);
part("help-button").addEventListener("click", () => help.showModal());
document.addEventListener("keydown", onKey);
document.addEventListener("visibilitychange", refresh);
setInterval(refresh, REFRESH_EVERY);
reload();
