/* What the queue's script asks the server for. */

const CSRF = document.querySelector("meta[name=csrf]")?.content ?? "";
const SECONDS = 20;

export class Problem extends Error {}

/* The API. What is sent goes out even if the page is left meanwhile. */
export async function call(method, path, body) {
  const headers = { "Afterword-CSRF": CSRF, ...(body && { "Content-Type": "application/json" }) };
  const answer = await fetch(path, {
    method, headers, body: body && JSON.stringify(body), keepalive: method !== "GET",
    credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(SECONDS * 1000),
  }).catch(() => { throw new Problem("The connection failed. Please try again."); });
  const data = await answer.json().catch(() => ({}));
  if (answer.ok) return data;
  if (answer.status === 401) location.assign("/desk/sign-in");
  const wait = `Please wait ${answer.headers.get("Retry-After") ?? "a few"} seconds, then try again.`;
  const said = answer.status === 429 ? wait : data.detail || data.title || `The server answered ${answer.status}.`;
  throw Object.assign(new Problem(said), { status: answer.status, data });
}

/* A part of a page of ours, by its id. The browser itself makes a document of the answer, in which nothing runs: no
   text becomes HTML in a script, so that the policy can forbid just that. */
export function fetchPart(path, id) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", path);
    request.responseType = "document";
    request.timeout = SECONDS * 1000;
    request.onload = () => {
      const part = request.response?.getElementById(id);
      if (part) resolve(part);
      else if (request.response?.getElementById("sign-in")) location.reload();
      else reject(new Problem(request.response?.querySelector("main p")?.textContent ?? `The server answered ${request.status}.`));
    };
    request.onerror = request.ontimeout = () => reject(new Problem("The connection failed. Please try again."));
    request.send();
  });
}

export const fetchList = (path) => fetchPart(path, "list");
