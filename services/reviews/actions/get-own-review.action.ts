import { presentOwn } from "../present.ts";
import { action } from "../reviews.dependencies.ts";

export const getOwnReview = action("reviews.own.get", async ({ params, caller, fail }, dependencies) => {
  const review = await dependencies.reviews.ofAuthor(params.id, caller.userId);
  if (!review) throw fail("not-found");
  return presentOwn(review, dependencies);
});
