/* Taking out any part of a text: what is marked with the mouse or the keyboard, instead of whole sentences. */
const form = document.getElementById("removal"), whole = document.getElementById("whole"), text = whole.textContent;
let parts = []; // from and to, in UTF-16 as the browser counts

const characters = (at) => [...text.slice(0, at)].length; // as the service counts

function offset(container, at) {
  const range = document.createRange();
  range.setStart(whole, 0);
  range.setEnd(container, at);
  return range.toString().length;
}

function draw() {
  const pieces = [];
  let at = 0;
  for (const [from, to] of parts) {
    const gone = document.createElement("del");
    gone.textContent = text.slice(from, to);
    pieces.push(text.slice(at, from), gone);
    at = to;
  }
  whole.replaceChildren(...pieces, text.slice(at));
  for (const old of form.querySelectorAll("input[type=hidden][name=part]")) old.remove();
  for (const [from, to] of parts) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: "part", value: `${characters(from)}-${characters(to)}` });
    form.append(input);
  }
  const count = parts.length;
  document.getElementById("chosen").textContent = count ? `${count} ${count === 1 ? "part goes" : "parts go"}.` : "";
}

function take() {
  const selection = getSelection(), range = selection.rangeCount && selection.getRangeAt(0);
  if (!range || !whole.contains(range.commonAncestorContainer)) return;
  const from = offset(range.startContainer, range.startOffset), to = offset(range.endContainer, range.endOffset);
  if (from === to) return;
  const apart = parts.filter(([start, end]) => end < from || start > to), touching = parts.filter((part) => !apart.includes(part));
  const joined = [Math.min(from, ...touching.map(([start]) => start)), Math.max(to, ...touching.map(([, end]) => end))];
  parts = [...apart, joined].sort(([one], [other]) => one - other);
  selection.removeAllRanges();
  draw();
}

document.getElementById("by-hand").hidden = false;
document.getElementById("by-sentence").remove();
document.getElementById("take").addEventListener("click", take);
document.getElementById("restore").addEventListener("click", () => {
  parts = [];
  draw();
});
