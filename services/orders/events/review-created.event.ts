import { on } from "../orders.dependencies.ts";

/** A reviewed line no longer awaits a review. */
export const markReviewedLine = on("reviews.created", async ({ payload }, tx, { receipts }) => {
  const { lineId, orderId } = payload;
  if (await receipts.markReviewed(lineId, orderId, tx)) await receipts.countToReview(orderId, tx);
});
