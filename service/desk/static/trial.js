/* Shows how far a trial is, and the whole page again when it has ended. */
const place = document.getElementById("progress");
const bar = document.getElementById("done");
const soFar = document.getElementById("so-far");
const number = new Intl.NumberFormat("en");
const EVERY = 700; // milliseconds

async function look() {
  const answer = await fetch(`/v1/moderation/replays/${place.dataset.trial}`, {
    headers: { "Afterword-CSRF": document.querySelector("meta[name=csrf]").content },
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) return; // the link to look again stays
  const { state, done, total } = await answer.json();
  if (state !== "waiting" && state !== "running") { location.reload(); return; }
  if (total) {
    bar.max = total;
    bar.value = done;
    soFar.textContent = `${number.format(done)} of ${number.format(total)}`;
  }
  setTimeout(again, EVERY);
}

const again = () => look().catch(() => setTimeout(again, 5 * EVERY));
setTimeout(again, EVERY);
