import { assertVersion } from "../../../mixins/contract/if-match.ts";
import { decideReply as decided } from "../domain/reply.ts";
import { decide } from "../domain/review.ts";
import { presentModerated, presentModeratedReply, reviewPayload } from "../present.ts";
import { action } from "../reviews.dependencies.ts";
import { saveReply } from "../save-reply.ts";
import { saveReview } from "../save-review.ts";

export const decideReview = action("reviews.moderation.decide", async (context, dependencies) => {
  const { params, transaction, fail } = context;
  const { decision, reason = null } = params;
  const { reviews, rules } = dependencies;
  return transaction(async (tx) => {
    const known = await reviews.lock(params.id, tx);
    if (!known) throw fail("not-found");
    assertVersion(known, params);
    const after = decide(known, decision, reason, rules);
    await saveReview(known, after, tx, dependencies);
    const change = { from: known.state, to: after.state, reason };
    tx.publish("reviews.moderated", { ...reviewPayload(after), ...change });
    return presentModerated(after, dependencies);
  });
});

export const decideReply = action("reviews.moderation.decide-reply", async (context, dependencies) => {
  const { params, transaction, fail } = context;
  const { decision, reason = null } = params;
  const { replies, rules } = dependencies;
  return transaction(async (tx) => {
    const known = await replies.lock(params.id, tx);
    if (!known) throw fail("not-found");
    const after = decided(known, decision, reason, rules.moderation);
    await saveReply(known, after, tx, dependencies);
    const change = { from: known.state, to: after.state, reason };
    tx.publish("reviews.reply-moderated", { replyId: known.id, reviewId: known.reviewId, ...change });
    const listed = await replies.listed(known.id, tx);
    if (!listed) throw fail("not-found");
    return presentModeratedReply(listed);
  });
});
