/* What this browser remembers, under names that begin with "afterword.". Storage may be refused or full:
   then it is remembered as long as the page. */
const memory = (name, hours) => ({
  here: {},
  all() {
    let stored;
    try { stored = JSON.parse(localStorage[name]); } catch {}
    return Object.entries({ ...stored, ...this.here }).filter(([, kept]) => Date.parse(kept?.until) > Date.now());
  },
  get(id) { return this.all().find(([other]) => other === id)?.[1]; },
  set(id, kept) {
    // null hides the stored one, too
    this.here[id] = kept && { until: new Date(Date.now() + hours * 3_600_000), ...kept };
    try { localStorage[name] = JSON.stringify(Object.fromEntries(this.all())); } catch {}
  },
});

export const own = memory("afterword.own"); // {comment id: {token, until, site, page}}
export const drafts = memory("afterword.drafts", 24 * 7); // {site page parent: {name, email, body, request}}
export const marks = memory("afterword.marks", 24 * 365); // {comment id: {vote, reported}}

export const randomId = () => // 22 letters; randomUUID is missing on pages without TLS
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16)))).slice(0, 22).replace(/\+/g, "-").replace(/\//g, "_");

export function readerId() { // made at the first vote or report, so that a vote can be changed and counts once
  if (!marks.get("reader")) marks.set("reader", { id: randomId() });
  return marks.get("reader").id;
}
