import { presentRating, presentReview } from "../present.ts";
import { action } from "../reviews.dependencies.ts";

export const listReviewsOfProduct = action(
  "reviews.products.list",
  async ({ params, call }, { reviews, ratings, imagePresenter }) => {
    const { id: productId } = await call("catalog.products.get", { idOrSlug: params.idOrSlug });
    const [page, rating] = await Promise.all([
      reviews.listPublished({ productId }, params, params),
      ratings.of(productId),
    ]);
    const items = page.items.map((review) => presentReview(review, imagePresenter));
    return { ...page, items, rating: presentRating(rating) };
  },
);
