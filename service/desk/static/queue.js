/* Takes over the queue's page: what forms and links do, at once and by keys. */

import * as deciding from "./deciding.js";
import * as keys from "./keys.js";
import * as list from "./list.js";
import * as looking from "./looking.js";
import * as reasons from "./reasons.js";
import * as selecting from "./selecting.js";
import * as undoing from "./undoing.js";

for (const module of [looking, list, deciding, reasons, selecting, undoing, keys]) module.start();

// Without script there is a button for it.
const filters = document.getElementById("filters");
document.getElementById("apply").hidden = true;
filters.addEventListener("change", (event) => event.target.type !== "search" && filters.requestSubmit());
// Empty fields would only make addresses long.
filters.addEventListener("formdata", ({ formData }) => {
  for (const [name, text] of [...formData]) if (!text) formData.delete(name);
});
