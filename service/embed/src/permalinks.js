/* Addresses of single comments: #comment-<id>. */
import { call } from "./api.js";
import { unfold } from "./comment.js";

const MOST_PAGES = 20;

export const target = () => /^#comment-([\w-]{36})$/.exec(location.hash)?.[1];

/* Brings the comment that the address names into view, and the pages before it if need be. */
export async function seek(thread) {
  const id = target();
  if (!id || (!thread.items.has(id) && !(await isHere(thread, id)))) return;
  for (let pages = 0; !thread.items.has(id) && thread.next && pages < MOST_PAGES; pages++) await thread.loadMore();
  const item = thread.items.get(id);
  if (!item) return;
  for (let above = item.parent; above; above = above.parent) unfold(thread, above, true);
  thread.list.querySelector(".target")?.classList.remove("target");
  item.article.classList.add("target");
  item.article.focus({ preventScroll: true });
  item.article.scrollIntoView({ block: "center" });
}

async function isHere(thread, id) {
  const found = await call(`/v1/comments/${id}`, { signal: thread.signal }).catch(({ status }) => {
    if (status === 404) thread.tell(thread.words.say(M.gone));
  });
  return found?.page === thread.rules.page;
}
