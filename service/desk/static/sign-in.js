/* A link to the desk may carry a token behind its #, which browsers send to nobody: it signs in. */

const token = new URLSearchParams(location.hash.slice(1)).get("token");
if (token) {
  history.replaceState(null, "", location.pathname + location.search);
  const form = document.getElementById("sign-in");
  form.elements.token.value = token.trim();
  form.requestSubmit();
}
