import { remove } from "../domain/review.ts";
import { pictureKind } from "../pictures.ts";
import { reviewPayload } from "../present.ts";
import { action } from "../reviews.dependencies.ts";
import { saveReview } from "../save-review.ts";

export const removeOwnReview = action("reviews.own.remove", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { reviews, images } = dependencies;
  await transaction(async (tx) => {
    const known = await reviews.lockOfAuthor(params.id, caller.userId, tx);
    if (!known) throw fail("not-found");
    await images.removeAll({ kind: pictureKind, id: known.id }, tx);
    await saveReview(known, remove(known, now), tx, dependencies);
    tx.publish("reviews.removed", reviewPayload(known));
  });
  return null;
});
