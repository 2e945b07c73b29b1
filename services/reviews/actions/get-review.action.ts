import { presentReview } from "../present.ts";
import { action } from "../reviews.dependencies.ts";

export const getReview = action("reviews.get", async ({ params, fail }, { reviews, imagePresenter }) => {
  const review = await reviews.published(params.id);
  if (!review) throw fail("not-found");
  return presentReview(review, imagePresenter);
});
