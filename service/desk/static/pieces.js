/* Small pieces that the queue's modules share. */

export const part = (id) => document.getElementById(id);
export const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

export function el(tag, properties, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (name in node) node[name] = value; else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null && child !== false));
  return node;
}

/* One line about what happened, for a while; read out, too. */
let silence;
export function say(...said) {
  part("status").replaceChildren(...said);
  clearTimeout(silence);
  silence = setTimeout(() => part("status").replaceChildren(), 8_000);
}

const SHORT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const EXACT = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long" });
export const timeOf = (iso) => el("time", { dateTime: iso, title: EXACT.format(new Date(iso)) }, SHORT.format(new Date(iso)));

const UNITS = [[86_400, "day"], [3_600, "h"], [60, "min"]];
function age(seconds) {
  const [unit, word] = UNITS.find(([size]) => seconds >= size) ?? [];
  if (!unit) return "just now";
  const count = Math.floor(seconds / unit);
  return `${count} ${word}${word === "day" && count > 1 ? "s" : ""} ago`;
}

/* What the server wrote grows old; and here the own clock is known. */
export function freshenTimes(within) {
  for (const time of within.querySelectorAll("time")) {
    const at = new Date(time.dateTime);
    time.title = EXACT.format(at);
    if (time.textContent.endsWith("ago") || time.textContent === "just now") time.textContent = age((Date.now() - at) / 1000);
  }
}
