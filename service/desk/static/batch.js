/* Follows a decision on many comments until it has ended. */

import { fetchPart } from "./server.js";

const EVERY = 700;
const part = document.getElementById("batch");

async function follow() {
  const found = await fetchPart(location.pathname, "batch").catch(() => null);
  if (found && found.dataset.stage !== "running") return location.reload();
  const [bar, now] = [part.querySelector("progress"), found?.querySelector("progress")];
  if (now && now.value !== bar.value) bar.parentNode.replaceWith(document.adoptNode(now.parentNode));
  setTimeout(follow, EVERY);
}

setTimeout(follow, EVERY);
