/* Nodes, made by hand: nothing here makes code or markup of text. */
export const API = new URL(document.currentScript.src).origin;

export function el(tag, properties, ...children) {
  const node = document.createElement(tag);
  for (const name in properties) {
    const value = properties[name];
    if (value == null) continue;
    if (name in node) node[name] = value; else node.setAttribute(name, value);
  }
  node.append(...children.filter(Boolean));
  return node;
}
export const button = (text, onclick, label) => el("button", { type: "button", part: "button", ariaLabel: label, onclick }, text);
export const quiet = (...content) => el("p", { className: "quiet" }, ...content);
