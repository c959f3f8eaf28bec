/* New comments arrive while the page is open: a conditional request now and then, which mostly costs a 304. Of comments
   that came with the page the browser has no copy to ask with: then a HEAD, which other websites, too, may send at once. */
import { draw } from "./comment.js";
import { button } from "./dom.js";

const SHORTEST = 20_000, LONGEST = 300_000;

export function watch(thread) {
  const { signal } = thread;
  let pause = SHORTEST, timer, isNear, waits;
  const later = () => { timer = setTimeout(look, pause); };
  const eyes = new IntersectionObserver(([entry]) => { isNear = entry.isIntersecting; lookAgain(); });
  const lookAgain = () => waits && look();

  async function look() {
    waits = document.hidden || !isNear; // then the next look is when somebody is there to see it
    if (waits) return;
    const { method } = thread, page = await thread.fetch("", { cache: "no-cache", method }).catch(() => null);
    if (signal.aborted) return;
    const isNews = page && !page.etag?.includes(thread.etag); // it ends with the name of an encoding
    if (isNews && method) {
      delete thread.method;
      return look();
    }
    pause = isNews ? SHORTEST : Math.min(pause * 1.5, LONGEST);
    if (isNews) take(thread, page);
    later();
  }

  eyes.observe(thread.host);
  document.addEventListener("visibilitychange", lookAgain, { signal });
  signal.addEventListener("abort", () => { eyes.disconnect(); clearTimeout(timer); });
  later();
}

const flat = (comments) => comments.flatMap((comment) => [{ ...comment, replies: [] }, ...flat(comment.replies)]);

/* What is shown already is brought up to date at once; what is new waits for the reader, whose place would move. */
function take(thread, page) {
  const { items, arrivals } = thread, isNewest = thread.sort === "newest", fresh = [];
  thread.etag = page.etag;
  thread.showCount(page.count);
  for (const comment of flat(page.comments)) if (items.has(comment.id)) draw(thread, comment); else fresh.push(comment);
  const show = () => {
    arrivals.replaceChildren();
    for (const comment of isNewest ? sorted(fresh) : fresh) draw(thread, comment, "", isNewest && !comment.parent);
    items.get(fresh[0].id).article.focus();
  };
  arrivals.replaceChildren(fresh.length ? button(thread.words.say(M.arrived, { n: fresh.length }), show) : "");
}

const sorted = (comments) => comments.sort((one, other) => one.id < other.id ? -1 : 1); // ids grow with time: parents come first
