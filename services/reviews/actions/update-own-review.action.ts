import { assertVersion } from "../../../mixins/contract/if-match.ts";
import { edit } from "../domain/review.ts";
import { presentOwn, reviewPayload } from "../present.ts";
import { action } from "../reviews.dependencies.ts";
import { saveReview } from "../save-review.ts";

export const updateOwnReview = action("reviews.own.update", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { reviews, rules } = dependencies;
  return transaction(async (tx) => {
    const known = await reviews.lockOfAuthor(params.id, caller.userId, tx);
    if (!known) throw fail("not-found");
    assertVersion(known, params);
    const edited = edit(known, params, rules, now);
    if (edited === known) return presentOwn(known, dependencies);
    await saveReview(known, edited, tx, dependencies);
    const { rating, state } = edited;
    tx.publish("reviews.edited", { ...reviewPayload(edited), rating, state });
    return presentOwn(edited, dependencies);
  });
});
