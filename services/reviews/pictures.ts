import type { PicturedKind } from "../../mixins/media/image-parts.ts";
import { maxPictures } from "./contract/fields.ts";
import type { RatingRepository } from "./data/rating-repository.ts";
import type { ReviewRepository } from "./data/review-repository.ts";
import type { ReviewRules } from "./domain/review.ts";
import { withImages } from "./domain/review.ts";
import { reviewPayload } from "./present.ts";
import { saveReview } from "./save-review.ts";

export const pictureKind = "review";

/** A review's pictures. A new one is a change of the review, which staff may have to approve. */
export function pictures(
  reviews: ReviewRepository,
  ratings: RatingRepository,
  rules: ReviewRules,
): PicturedKind {
  return {
    kind: pictureKind,
    max: maxPictures,
    lock: async (id, tx) => (await reviews.lock(id, tx)) !== undefined,
    save: async ({ ownerId, after }, tx) => {
      const before = await reviews.lock(ownerId, tx);
      if (!before) return;
      const changed = withImages(before, after, rules, Date.now());
      await saveReview(before, changed, tx, { reviews, ratings });
      tx.publish("reviews.edited", {
        ...reviewPayload(changed),
        rating: changed.rating,
        state: changed.state,
      });
    },
  };
}
