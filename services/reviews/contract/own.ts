import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { expectedVersion, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { imageActions } from "../../../mixins/media/contract.ts";
import { taskActions } from "../../../mixins/contract/tasks.ts";
import { body, maxPictures, ownReview, stars } from "./fields.ts";

const signedIn = { access: "signed-in" } as const;
const theirs = "/me/reviews/{id}";
const ifMatch = { expectedVersion: "If-Match" };

/** Reviews have no texts for their pictures, and keep them in the order in which they came. */
const { "own.images.update": _update, ...pictures } = imageActions("own", {
  item: "review",
  path: "/me/reviews",
  tasks: "/review-tasks",
  access: "signed-in",
});

const purchase = z
  .strictObject({
    orderId: id,
    lineId: id,
    productId: id,
    variantId: id,
    merchantId: id.nullable(),
    receivedAt: timestamp,
    product: z
      .strictObject({ slug: z.string(), name: z.string(), options: z.record(z.string(), z.string()) })
      .nullable()
      .describe("null where the variant is gone"),
  })
  .meta({ id: "ReviewablePurchase" });

/** What buyers do. */
export const ownActions = {
  create: action({
    summary: "Review something that you bought",
    description: `Once per line of an order, from when it was delivered or you confirmed its receipt; \`/me/reviews/pending\` lists these lines. Pictures, at most ${maxPictures}, are added afterwards at \`/me/reviews/{id}/images\`. Where the shop moderates before, it is shown when staff have approved it.`,
    ...signedIn,
    route: {
      method: "POST",
      path: "/products/{productId}/reviews",
      status: 201,
      location: "/me/reviews/{id}",
    },
    params: z.strictObject({
      productId: id,
      lineId: id.describe("The order line"),
      rating: stars.describe("Stars"),
      text: body.default(""),
      isAnonymous: z.boolean().default(false).describe("Everyone sees the first letter of your name only"),
    }),
    result: ownReview,
    errors: ["not-found", "already-exists"],
    idempotent: false,
    reads: "primary",
  }),
  "purchases.list": action({
    summary: "What you can review",
    ...signedIn,
    route: { method: "GET", path: "/me/reviews/pending" },
    params: z.strictObject(pageParams(["receivedAt"], "-receivedAt")),
    result: page(purchase),
    errors: [],
    idempotent: true,
  }),
  "own.list": action({
    summary: "Your reviews",
    ...signedIn,
    route: { method: "GET", path: "/me/reviews" },
    params: z.strictObject(pageParams(["createdAt"], "-createdAt")),
    result: page(ownReview),
    errors: [],
    idempotent: true,
  }),
  "own.get": action({
    summary: "A review of yours",
    ...signedIn,
    route: { method: "GET", path: theirs },
    params: z.strictObject({ id }),
    result: ownReview,
    errors: ["not-found"],
    idempotent: true,
  }),
  "own.update": action({
    summary: "Change your review",
    description:
      "Until `editableUntil`. Where the shop moderates before, and after a rejection, it is shown when staff have approved the change.",
    ...signedIn,
    route: { method: "PATCH", path: theirs, headers: ifMatch },
    params: z.strictObject({
      id,
      rating: stars.optional(),
      text: body.optional(),
      isAnonymous: z.boolean().optional(),
      expectedVersion: expectedVersion.optional(),
    }),
    result: ownReview,
    errors: ["not-found", "period-over", "precondition-failed"],
    idempotent: true,
  }),
  "own.follow-up": action({
    summary: "Add a follow-up to your review",
    description: "Once, until `followUpUntil`. It does not change the stars.",
    ...signedIn,
    route: { method: "PUT", path: `${theirs}/follow-up` },
    params: z.strictObject({ id, text: body.min(1) }),
    result: ownReview,
    errors: ["not-found", "period-over", "limit-reached"],
    idempotent: false,
  }),
  "own.remove": action({
    summary: "Remove your review",
    description: "Its text and pictures are erased. The line cannot be reviewed again.",
    ...signedIn,
    route: { method: "DELETE", path: theirs },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
  }),
  ...pictures,
  ...taskActions("/review-tasks", "reviews:write"),
};
