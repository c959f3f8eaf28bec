/* What the filter thinks of a comment, and which others are like it. */

import { el, plural } from "./pieces.js";

const percent = (share) => `${(100 * share).toFixed(share > 0.99 || share < 0.01 ? 1 : 0)} %`;
const signed = (weight) => `${weight < 0 ? "\u2212" : "+"}${Math.abs(weight).toFixed(1)}`;

/* Each score with what it consists of, the strongest first. Closed, since the reasons say the most of it. */
export function whyOf({ findings }) {
  const scored = findings.filter(({ signals }) => signals?.length);
  return scored.length > 0 && el("div", { className: "why" }, ...scored.map(({ check, score, model, signals }) =>
    el("details", null,
      el("summary", null, `${check} ${percent(score)}`),
      el("table", null,
        el("caption", null, `by the model “${model}”, in log-odds`),
        el("tbody", null, ...signals.map(({ name, weight }) => el("tr", { className: weight > 0 ? "for" : "against" },
          el("th", { scope: "row", dir: "auto" }, name), el("td", null, signed(weight)))))))));
}

export function likeIt({ campaign }, show) {
  if (!campaign) return false;
  const text = `${plural(campaign.others, "comment")} like this one, ${campaign.waiting} of them held`;
  return el("p", { className: "alike" }, el("button", { type: "button", onclick: show }, text));
}
