/* What is said, in the language of the page: English comes along, another is one small file more.
   M.name stands for a message of messages/*.json; the build makes numbers of these names. */
import { API, el } from "./dom.js";
import english from "./messages/en.json" with { type: "json" };

const OTHERS = ["de", "fr", "es", "ja", "ar"];
const known = {};

export function wordsOf(node) {
  const [tag] = (node.closest("[lang]")?.lang || "en").toLowerCase().split("-");
  const language = OTHERS.includes(tag) ? tag : "en";
  return known[language] ??= load(language);
}

async function load(language) {
  if (language === "en") return new Words(language, english);
  try {
    return new Words(language, await (await fetch(`${API}/embed/static/${language}.json`, { credentials: "omit" })).json());
  } catch {
    delete known[language]; // it may work the next time
    return new Words("en", english);
  }
}

class Words {
  constructor(language, messages) {
    // A reader in Vienna gets Vienna's dates under a page in German.
    const locale = navigator.languages.find((one) => one.startsWith(language)) ?? language;
    const dates = (dateStyle, timeStyle) => new Intl.DateTimeFormat(locale, { dateStyle, timeStyle });
    Object.assign(this, { language, messages, dir: language === "ar" ? "rtl" : "ltr", // made once: each costs as much as a comment
      plural: new Intl.PluralRules(locale), number: new Intl.NumberFormat(locale),
      ago: new Intl.RelativeTimeFormat(locale, { numeric: "auto" }), day: dates("long"), exact: dates("full", "short") });
  }

  say(message, values) {
    const found = this.messages[message], text = found.other ? found[this.plural.select(values.n)] ?? found.other : found;
    return text.replace(/\{(\w+)\}/g, (_, name) => name === "n" ? this.number.format(values.n) : values[name]);
  }

  refused(code, text) { return this.messages[M.refusals][code] ?? text; } // in English the service says it best

  time(iso) {
    const time = new Date(iso), minutes = Math.max(0, (Date.now() - time) / 60_000);
    const [unit, size] = minutes < 60 ? ["minute", 1] : minutes < 1440 ? ["hour", 60] : ["day", 1440];
    return el("time", { dateTime: iso, title: this.exact.format(time) }, minutes < 1 ? this.say(M.now)
      : minutes > 10_080 ? this.day.format(time) : this.ago.format(-Math.floor(minutes / size), unit));
  }
}
