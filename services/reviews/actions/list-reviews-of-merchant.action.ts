import { presentRating, presentReview } from "../present.ts";
import { action } from "../reviews.dependencies.ts";

export const listReviewsOfMerchant = action(
  "reviews.merchants.list",
  async ({ params }, { reviews, ratings, imagePresenter }) => {
    const { merchantId } = params;
    const [page, rating] = await Promise.all([
      reviews.listPublished({ merchantId }, params, params),
      ratings.of(merchantId),
    ]);
    const items = page.items.map((review) => presentReview(review, imagePresenter));
    return { ...page, items, rating: presentRating(rating) };
  },
);
