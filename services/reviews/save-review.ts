import type { Tx } from "../../mixins/database/database.ts";
import type { RatedKind, RatingRepository } from "./data/rating-repository.ts";
import type { ReviewRepository } from "./data/review-repository.ts";
import type { Rating } from "./domain/rating.ts";
import { allStars, averageOf, countIn, ratingChange } from "./domain/rating.ts";
import type { Review } from "./domain/review.ts";

/** Saves a changed review that is locked, and counts it. */
export async function saveReview(
  before: Review,
  after: Review,
  tx: Tx,
  dependencies: { readonly reviews: ReviewRepository; readonly ratings: RatingRepository },
): Promise<void> {
  await dependencies.reviews.save(after, tx);
  await countReview(before, after, tx, dependencies);
}

/**
 * Counts a review's change in the ratings of its product, then of its merchant, and publishes them. All
 * transactions lock these rows in this order, after the review's.
 *
 * @param before undefined for a new one
 */
export async function countReview(
  before: Review | undefined,
  after: Review,
  tx: Tx,
  { ratings }: { readonly ratings: RatingRepository },
): Promise<void> {
  const change = ratingChange(before, after);
  if (!change) return;
  const { productId, merchantId } = after;
  const add = async (kind: RatedKind, id: string) => told(await ratings.add(kind, id, change, tx));
  tx.publish("reviews.product-rated", { productId, ...(await add("product", productId)) });
  if (merchantId !== null)
    tx.publish("reviews.merchant-rated", { merchantId, ...(await add("merchant", merchantId)) });
}

function told(rating: Rating) {
  const { version } = rating;
  const stars = { "1": 0, "2": 0, "3": 0, "4": 0, "5": 0 };
  for (const star of allStars) stars[star] = rating.stars[star];
  return { stars, average: averageOf(rating), count: countIn(rating), version };
}
