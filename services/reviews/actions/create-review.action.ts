import { newId } from "../../../mixins/contract/ids.ts";
import { authorNameOf } from "../author-name.ts";
import { initialState } from "../domain/moderation.ts";
import type { Review } from "../domain/review.ts";
import { presentOwn, reviewPayload } from "../present.ts";
import { action } from "../reviews.dependencies.ts";
import { countReview } from "../save-review.ts";

/** The purchase's conditional update decides who reviews a line, and that they do once. */
export const createReview = action("reviews.create", async (context, dependencies) => {
  const { params, caller, now, call, transaction, fail } = context;
  const { purchases, reviews, rules } = dependencies;
  const { userId: customerId } = caller;
  const { productId, lineId, rating, text, isAnonymous } = params;
  const taken = () =>
    fail("already-exists", undefined, {
      errors: [{ path: "lineId", code: "already-exists", message: "has been reviewed" }],
    });
  const purchase = await purchases.received({ lineId, productId, customerId });
  if (!purchase) throw fail("not-found", "You have received no such goods");
  if (purchase.isReviewed) throw taken();

  const { orderId, variantId, merchantId } = purchase;
  const [authorName, [variant]] = await Promise.all([
    authorNameOf(call),
    call("catalog.variants.lookup", { ids: [variantId] }),
  ]);
  const review: Review = {
    id: newId(),
    lineId,
    orderId,
    productId,
    variantId,
    merchantId,
    authorId: customerId,
    authorName,
    isAnonymous,
    options: variant?.options ?? {},
    rating,
    text,
    images: [],
    followUp: null,
    state: initialState(rules.moderation),
    reason: null,
    upVotes: 0,
    downVotes: 0,
    replies: 0,
    reports: 0,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  await transaction(async (tx) => {
    if (!(await purchases.claim(lineId, customerId, tx)) || !(await reviews.insert(review, tx)))
      throw taken();
    tx.publish("reviews.created", { ...reviewPayload(review), customerId, rating, state: review.state });
    await countReview(undefined, review, tx, dependencies);
  });
  return presentOwn(review, dependencies);
});
