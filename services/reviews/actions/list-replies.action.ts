import { presentReply } from "../present.ts";
import { action } from "../reviews.dependencies.ts";

export const listReplies = action("reviews.replies.list", async ({ params, fail }, { reviews, replies }) => {
  if (!(await reviews.published(params.id))) throw fail("not-found");
  const page = await replies.listPublished(params.id, params);
  return { ...page, items: page.items.map(presentReply) };
});
