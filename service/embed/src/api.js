/* Requests to the service, without cookies. */
import { API } from "./dom.js";

/* What is refused comes back as an error with status, errors and wait. `edit` is the token of one comment, `user`
   the page's word for who its reader is, `reader` this browser's own number. */
export async function call(path, { edit, user, reader, key, body, signal, ...options } = {}) {
  const headers = {};
  if (edit) headers.Authorization = `Edit ${edit}`;
  if (user) headers.Authorization = `Reader ${user}`;
  if (reader) headers["Afterword-Reader"] = reader;
  if (key) headers["Idempotency-Key"] = key;
  if (body) headers["Content-Type"] = "application/json";
  const answer = await fetch(API + path, { credentials: "omit", headers, body: body && JSON.stringify(body),
    signal: signal ?? AbortSignal.timeout?.(20_000), ...options });
  const data = await answer.json().catch(() => null);
  const { status, headers: given } = answer;
  if (!answer.ok) throw Object.assign(Error(data?.detail), { status, errors: data?.errors, wait: +given.get("Retry-After") });
  return data && Object.assign(data, { etag: given.get("ETag") });
}

/* What went wrong and how to mend it, in the reader's language as far as it is known here. */
export function explain(words, { status, wait, message }) {
  return !status ? words.say(M.failed) : status === 429 ? words.say(M.wait, { n: Math.ceil(wait) || 60 })
    : status < 500 && message || words.say(M.wrong);
}
