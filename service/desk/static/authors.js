/* The form by which an author's standing is decided: it asks only for what the choice needs. */
const form = document.querySelector("form.decide");

function fit() {
  const { standing, kind, days, reason } = form.elements;
  const byAddress = kind.value === "address", ends = standing.value === "muted" || byAddress;
  days.required = ends && standing.value !== "none";
  days.max = byAddress ? 30 : 3650;
  if (days.required && !days.value) days.value = 7;
  form.querySelector(".hint").hidden = !byAddress;
  reason.disabled = ["trusted", "none"].includes(standing.value);
  for (const option of kind.options) option.disabled = standing.value === "trusted" && option.value !== "author";
  if (kind.selectedOptions[0]?.disabled) kind.value = "author";
}

if (form) {
  form.addEventListener("change", fit);
  fit();
}
