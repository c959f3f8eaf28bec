/* Small pieces of the page. Everything a reader wrote is set as text. */

export function el(tag, properties, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (name in node) node[name] = value; else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null && child !== false));
  return node;
}

const SHORT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const EXACT = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long" });
export function timeOf(iso) {
  const time = new Date(iso);
  return el("time", { dateTime: iso, title: EXACT.format(time) }, SHORT.format(time));
}

export const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

/* Letters that nobody sees but that turn or hide others are shown by their number. */
const HIDDEN = /([\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}])/u;
export function visible(text) {
  return text.split(HIDDEN).map((piece) => HIDDEN.test(piece)
    ? el("span", { className: "hidden-letter" }, `U+${piece.codePointAt(0).toString(16).toUpperCase()}`) : piece);
}

/* Spans count characters (code points); JavaScript's own indices count UTF-16 units, two for an emoji. */
export function marked(body, spans) {
  const letters = Array.from(body);
  const pieces = [];
  let done = 0;
  for (const { start, end } of [...spans].sort((one, other) => one.start - other.start)) {
    const from = Math.max(start, done);
    if (end <= from) continue;
    pieces.push(...visible(letters.slice(done, from).join("")), el("mark", null, ...visible(letters.slice(from, end).join(""))));
    done = end;
  }
  return [...pieces, ...visible(letters.slice(done).join(""))];
}
