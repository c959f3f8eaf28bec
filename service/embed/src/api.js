/* Requests to the service, without cookies. */
import { API } from "./dom.js";

/* What is refused comes back as an error with status, code, errors, codes and wait. */
export async function call(path, { body, headers, ...options } = {}) {
  const answer = await fetch(API + path, { credentials: "omit", signal: AbortSignal.timeout(20_000), ...options,
    headers: body ? { ...headers, "Content-Type": "application/json" } : headers, body: body && JSON.stringify(body) });
  const data = await answer.json().catch(() => null);
  const { status, headers: given } = answer;
  if (!answer.ok) throw Object.assign(Error(data?.detail), { ...data, status, wait: +given.get("Retry-After") });
  return { ...data, etag: given.get("ETag") };
}

/* What the publisher's token says of the reader. The service verifies it. */
export function claims(token) {
  try { return JSON.parse(decodeURIComponent(escape(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))))); } catch { return token && { name: "…" }; }
}

export const signedIn = ({ user }) => user && { Authorization: `Reader ${user}` };

/* What went wrong and how to mend it, in the reader's language as far as it is known here. */
export function explain(words, { status, wait, code, message }) {
  return !status ? words.say(M.failed) : status === 429 ? words.say(M.wait, { n: Math.ceil(wait) || 60 })
    : status < 500 && words.refused(code, message) || words.say(M.wrong);
}
