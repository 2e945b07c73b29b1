import { presentOwn } from "../present.ts";
import { action } from "../reviews.dependencies.ts";

export const listOwnReviews = action("reviews.own.list", async ({ params, caller }, dependencies) => {
  const page = await dependencies.reviews.listOfAuthor(caller.userId, params);
  return { ...page, items: page.items.map((review) => presentOwn(review, dependencies)) };
});
