import { followUp } from "../domain/review.ts";
import { presentOwn, reviewPayload } from "../present.ts";
import { action } from "../reviews.dependencies.ts";
import { saveReview } from "../save-review.ts";

export const followUpReview = action("reviews.own.follow-up", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { reviews, rules } = dependencies;
  return transaction(async (tx) => {
    const known = await reviews.lockOfAuthor(params.id, caller.userId, tx);
    if (!known) throw fail("not-found");
    const followed = followUp(known, params.text, rules, now);
    await saveReview(known, followed, tx, dependencies);
    tx.publish("reviews.followed-up", { ...reviewPayload(followed), state: followed.state });
    return presentOwn(followed, dependencies);
  });
});
