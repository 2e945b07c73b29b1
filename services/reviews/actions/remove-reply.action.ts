import { removeReply as removed } from "../domain/reply.ts";
import { action } from "../reviews.dependencies.ts";
import { saveReply } from "../save-reply.ts";

export const removeReply = action("reviews.replies.remove", async (context, dependencies) => {
  const { params, caller, transaction, fail } = context;
  const { replies, rules } = dependencies;
  await transaction(async (tx) => {
    const known = await replies.lock(params.id, tx);
    if (known?.authorId !== caller.userId) throw fail("not-found");
    await saveReply(known, removed(known, rules.moderation), tx, dependencies);
    tx.publish("reviews.reply-removed", { replyId: known.id, reviewId: known.reviewId });
  });
  return null;
});
