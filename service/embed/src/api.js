/* Requests to the service, without cookies. */
import { API } from "./dom.js";

/* What is refused comes back as an error with status, errors and wait. */
export async function call(path, { body, headers, ...options } = {}) {
  const answer = await fetch(API + path, { credentials: "omit", signal: AbortSignal.timeout(20_000), ...options,
    headers: body ? { ...headers, "Content-Type": "application/json" } : headers, body: body && JSON.stringify(body) });
  const data = await answer.json().catch(() => null);
  const { status, headers: given } = answer;
  if (!answer.ok) throw Object.assign(Error(data?.detail), { status, errors: data?.errors, wait: +given.get("Retry-After") });
  return data && Object.assign(data, { etag: given.get("ETag") });
}

export const signedIn = ({ user }) => user && { Authorization: `Reader ${user}` };

/* What went wrong and how to mend it, in the reader's language as far as it is known here. */
export function explain(words, { status, wait, message }) {
  return !status ? words.say(M.failed) : status === 429 ? words.say(M.wait, { n: Math.ceil(wait) || 60 })
    : status < 500 && message || words.say(M.wrong);
}
