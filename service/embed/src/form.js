/* The form: one for posting, replying and editing. */
import { explain } from "./api.js";
import { button, el, quiet } from "./dom.js";
import { markdown } from "./markdown.js";
import { drafts, randomId } from "./memory.js";

let forms = 0; // makes the ids of fields unique

export const primary = (text) => el("button", { className: "primary", part: "button primary-button" }, text);
export const row = (...buttons) => el("p", { className: "buttons" }, ...buttons);
export const field = (label, input, hint) => { // `input` has an id
  input.part = "field";
  return el("p", {}, el("label", { htmlFor: input.id }, label, hint && el("small", {}, ` ${hint}`)), input);
};

/* `label`, `action`; `author` if it is to be asked for, or the `reader` who is signed in; `draft`, the name under which
   it is kept; `most` characters; `send(said, request)` makes the call. The same words sent again are the same request with the same key, after a
   lost answer or a reload, too: nothing is posted twice. */
export function composer(words, { label, action, author, reader, body = "", draft, most, send, cancel }) {
  const id = `form-${++forms}-`, form = el("form", { part: "form", noValidate: true, ariaLabel: label });
  const kept = draft && drafts.get(draft) || { ...author, body };
  const input = (name, properties) => el(properties.rows ? "textarea" : "input",
    { id: id + name, name, dir: "auto", "aria-describedby": `${id}error`, ...properties });
  const area = input("body", { rows: 4, required: true, value: kept.body });
  const name = author && input("author.name", { required: true, autocomplete: "name", value: kept.name });
  const email = author && input("author.email", { type: "email", autocomplete: "email", value: kept.email });
  const trap = el("input", { name: "website", className: "unseen", ariaHidden: "true", tabIndex: -1, autocomplete: "off" });
  const failure = el("p", { id: `${id}error`, className: "error", part: "error", role: "alert" });
  const submit = primary(action);
  const left = el("output", { className: "counter" }), shown = el("div", { className: "body preview", dir: "auto", hidden: true });
  const preview = button(words.say(M.preview), () => { shown.hidden = !shown.hidden; update(); });
  form.append(field(label, area), shown, author && el("div", { className: "person" }, field(words.say(M.name), name),
    field(words.say(M.email), email, words.say(M.emailHint)), trap) || reader && quiet(words.say(M.signedIn, reader)) || "", failure,
    row(submit, preview, cancel && button(words.say(M.cancel), cancel), left),
    quiet(words.say(M.help)));

  const began = performance.now(), text = () => area.value.trim(), over = () => [...text()].length - most; // as the service counts, not in UTF-16
  let busy, request = kept.request;
  const said = () => ({ name: name?.value.trim(), email: email?.value.trim(), body: text() });
  const keep = () => draft && drafts.set(draft, text() ? { ...said(), request } : null);

  function update() {
    const n = over();
    left.textContent = n > 0 ? words.say(M.tooLong, { n }) : n > -most / 10 ? words.say(M.left, { n: -n }) : "";
    preview.ariaPressed = String(!shown.hidden);
    shown.replaceChildren(...shown.hidden ? [] : markdown(area.value));
  }

  function blame(faults) {
    failure.textContent = faults.flatMap(([, messages]) => messages).join(" ");
    for (const [wrong] of faults.reverse()) {
      const input = form.elements[wrong] ?? area;
      input.ariaInvalid = "true";
      input.focus();
    }
    return faults.length;
  }

  function isWrong() {
    for (const input of [area, name, email]) if (input) input.ariaInvalid = null;
    return blame([
      !text() && ["body", words.say(M.emptyBody)],
      over() > 0 && ["body", words.say(M.tooLong, { n: over() })],
      name && !name.value.trim() && ["author.name", words.say(M.emptyName)],
      email?.validity.typeMismatch && ["author.email", words.say(M.wrongEmail)],
    ].filter(Boolean));
  }

  function complain(problem) {
    if (blame(Object.entries(problem.errors ?? {}).map(([name, texts]) => [name, texts.map((text, index) => words.refused(problem.codes[name][index], text))]))) return;
    const isOffline = !problem.status && !navigator.onLine;
    failure.textContent = isOffline ? words.say(M.offline) : explain(words, problem);
    if (isOffline) addEventListener("online", () => form.isConnected && form.requestSubmit(), { once: true });
    else if (!(problem.status < 500)) {
      failure.append(" ", words.say(M.kept));
      submit.textContent = words.say(M.tryAgain);
    }
  }

  form.oninput = () => { keep(); update(); };
  form.onsubmit = async (event) => {
    event.preventDefault();
    if (busy || isWrong()) return;
    busy = true;
    const now = JSON.stringify(said());
    if (now !== request?.now) request = { now, key: randomId(), form: { website: trap.value, seconds: Math.round(performance.now() - began) / 1000 } };
    try {
      const sending = send(said(), request); // completes the request
      keep();
      await sending;
      request = area.value = "";
      submit.textContent = action;
      form.oninput();
    } catch (problem) { complain(problem); }
    busy = false;
  };
  return form;
}
