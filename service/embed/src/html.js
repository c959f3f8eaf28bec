/* The one place where text becomes markup: only for body_html, which the service made safe. */
const policy = (() => { // a publisher's own policy may forbid this name
  try { return window.trustedTypes?.createPolicy("afterword", { createHTML: (html) => html }); } catch {}
})();

export function insert(html, node) {
  try { node.innerHTML = policy ? policy.createHTML(html) : html; } catch { node.textContent = html.replace(/<[^>]+>/g, ""); }
}
