import { on } from "../merchants.dependencies.ts";

/** Copies the newest rating of a merchant. */
export const merchantRated = on("reviews.merchant-rated", async ({ payload }, tx, { merchants }) => {
  const { merchantId, version, average, count, stars } = payload;
  await merchants.setRating(merchantId, { average, count, stars }, version, tx);
});
