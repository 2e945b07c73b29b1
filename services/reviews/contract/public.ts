import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { idOrSlug } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { rating, reply, review, stars } from "./fields.ts";

/** Age of public responses; votes, unlike reviews and replies, do not invalidate them earlier. */
const cache = { maxAgeMs: 1000 };

const listed = {
  ...pageParams(["helpful", "createdAt"], "-helpful"),
  rating: stars.optional().describe("Only those with so many stars"),
  withPictures: z.literal(true).optional().describe("Only those with pictures"),
};
const ratedPage = z.strictObject({ ...page(review).shape, rating: rating.describe("Of all reviews") });

/** What everyone can read. */
export const publicActions = {
  "products.list": action({
    summary: "Reviews of a product",
    description:
      "`helpful` is the number of up-votes less the down-votes. The response has the product's stars, counted, too.",
    access: "anyone",
    route: { method: "GET", path: "/products/{idOrSlug}/reviews", caching: "public" },
    params: z.strictObject({ idOrSlug, ...listed }),
    result: ratedPage,
    errors: ["not-found", "moved"],
    idempotent: true,
    reads: "replica",
    cache,
  }),
  "merchants.list": action({
    summary: "Reviews of a merchant's products",
    access: "anyone",
    route: { method: "GET", path: "/merchants/{merchantId}/reviews", caching: "public" },
    params: z.strictObject({ merchantId: id, ...listed }),
    result: ratedPage,
    errors: [],
    idempotent: true,
    reads: "replica",
    cache,
  }),
  get: action({
    summary: "A review",
    access: "anyone",
    route: { method: "GET", path: "/reviews/{id}", caching: "public" },
    params: z.strictObject({ id }),
    result: review,
    errors: ["not-found"],
    idempotent: true,
    reads: "replica",
    cache,
  }),
  "replies.list": action({
    summary: "Replies below a review",
    description: "All of the thread, in one order; `parentId` and `depth` tell what answers what.",
    access: "anyone",
    route: { method: "GET", path: "/reviews/{id}/replies", caching: "public" },
    params: z.strictObject({ id, ...pageParams(["createdAt"], "createdAt") }),
    result: page(reply),
    errors: ["not-found"],
    idempotent: true,
    reads: "replica",
    cache,
  }),
};
