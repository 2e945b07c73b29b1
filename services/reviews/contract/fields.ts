import { z } from "zod";
import { id } from "../../../mixins/contract/ids.ts";
import { longText, timestamp } from "../../../mixins/contract/fields.ts";
import { image } from "../../../mixins/media/contract.ts";

/** Most pictures of a review. */
export const maxPictures = 9;
/** Replies to replies end at this depth; those to the review have 1. */
export const maxDepth = 5;

export const stars = z.int().min(1).max(5);
/** Of a review or follow-up. */
export const body = longText(2000);
export const replyBody = longText(1000).min(1);

export const moderationStates = ["pending", "published", "hidden", "rejected", "removed"] as const;
export const moderationState = z
  .enum(moderationStates)
  .describe(
    "`pending` awaits approval; only `published` is shown; `hidden` was reported and awaits a decision; `rejected` by staff; `removed` by its author",
  );

export const writers = ["customer", "merchant", "shop"] as const;
export const writer = z.enum(writers).describe("`merchant`: of the product; `shop`: the shop itself");

/** Who wrote something, as everyone may see. */
const author = z
  .strictObject({
    name: z
      .string()
      .nullable()
      .describe("Masked where they are anonymous; null after their account was deleted"),
    isAnonymous: z.boolean(),
  })
  .meta({ id: "ReviewAuthor" });

/** A published review. */
export const review = z
  .strictObject({
    id,
    productId: id,
    variantId: id,
    options: z.record(z.string(), z.string()).describe("The variant's options when it was reviewed"),
    merchantId: id.nullable().describe("null for the shop's own products"),
    author,
    rating: stars.describe("Stars"),
    text: z.string().describe("Empty where there are stars only"),
    images: z.array(image).describe("In order"),
    followUp: z.strictObject({ text: z.string(), at: timestamp }).nullable(),
    upVotes: z.int(),
    downVotes: z.int(),
    replies: z.int().describe("Number of replies"),
    createdAt: timestamp,
    updatedAt: timestamp.describe("Last change by the author"),
  })
  .meta({ id: "Review" });

const moderation = {
  state: moderationState,
  reason: z.string().nullable().describe("Of the last decision of staff"),
};

/** A review as its author sees it. */
export const ownReview = z
  .strictObject({
    ...review.shape,
    ...moderation,
    orderId: id,
    lineId: id.describe("The order line that is reviewed"),
    editableUntil: timestamp,
    followUpUntil: timestamp,
    version: z.int(),
  })
  .meta({ id: "OwnReview" });

/** A review as staff see it. */
export const moderatedReview = z
  .strictObject({
    ...ownReview.shape,
    customerId: id.nullable().describe("null after the account was deleted"),
    reports: z.int().describe("Since staff last looked at it"),
  })
  .meta({ id: "ModeratedReview" });

/** A published reply below a review. */
export const reply = z
  .strictObject({
    id,
    reviewId: id,
    parentId: id.nullable().describe("The reply that it answers; null: the review itself"),
    depth: z.int().describe(`1 below the review, at most ${maxDepth}`),
    by: writer,
    author,
    repliesTo: z.strictObject({ by: writer, author }).describe("Whom it answers"),
    text: z.string(),
    createdAt: timestamp,
  })
  .meta({ id: "ReviewReply" });

/** A reply as staff see it. */
export const moderatedReply = z
  .strictObject({
    ...reply.shape,
    ...moderation,
    customerId: id.nullable().describe("null for machines, and after the account was deleted"),
    reports: z.int().describe("Since staff last looked at it"),
  })
  .meta({ id: "ModeratedReviewReply" });

const count = z.int().min(0);

/** Stars of published reviews, counted. */
export const rating = z
  .strictObject({
    average: z.number().nullable().describe("Of the stars, to two decimals; null without reviews"),
    count,
    stars: z.strictObject({ "1": count, "2": count, "3": count, "4": count, "5": count }),
    withPictures: count.describe("Reviews that have pictures"),
  })
  .meta({ id: "Rating" });

/** A decision of staff about a review or reply. */
export const decision = z.enum(["approve", "reject"]);
