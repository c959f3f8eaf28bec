/* A preview of the small Markdown, built as nodes. The server's rendering is what counts and soon takes its place. */
import { el } from "./dom.js";

const FENCED = /^```.*\n([^]*?)\n```$/m;
const BLOCKS = [[/^> ?/, "blockquote"], [/^[-*+] +/, "ul"], [/^\d+[.)] +/, "ol"]];
const INLINE = /(`+)(.+?)\1|\*\*(.+?)\*\*|~~(.+?)~~|(?<![\w*])([*_])(?=\S)(.+?)\5(?!\w)|\[([^\]]+)\]\(((?:https?:\/\/|mailto:)[^\s)]+)\)/;

export function markdown(text) {
  return text.split(FENCED).flatMap((part, index) => index % 2 ? el("pre", {}, el("code", {}, part)) : blocks(part));
}

function blocks(text) {
  const found = [];
  let last;
  for (const line of text.split("\n")) {
    const [mark, tag] = BLOCKS.find(([start]) => start.test(line)) ?? ["", line.trim() && "p"];
    if (tag !== last) found.push([last = tag, []]);
    found.at(-1)[1].push(line.replace(mark, ""));
  }
  return found.filter(([tag]) => tag).map(([tag, lines]) => el(tag, {},
    ...tag === "blockquote" ? blocks(lines.join("\n"))
      : tag === "p" ? lines.flatMap((line, index) => [index && el("br"), ...inline(line)])
      : lines.map((line) => el("li", {}, ...inline(line)))));
}

function inline(text) {
  const match = INLINE.exec(text);
  if (!match) return [text];
  const [all, , code, strong, struck, , soft, label, url] = match;
  const node = code ? el("code", {}, code)
    : url ? el("a", { href: url, rel: "nofollow ugc noopener noreferrer" }, ...inline(label))
    : el(strong ? "strong" : struck ? "del" : "em", {}, ...inline(strong ?? struck ?? soft));
  return [text.slice(0, match.index), node, ...inline(text.slice(match.index + all.length))];
}
