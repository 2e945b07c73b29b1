import { z } from "zod";
import { event } from "../../../mixins/contract/contract.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { moderationState, stars, writer } from "./fields.ts";

const theReview = {
  reviewId: id,
  lineId: id,
  orderId: id,
  productId: id,
  merchantId: id.nullable().describe("null for the shop's own products"),
};
const ofReview = z.strictObject(theReview);
const ofReply = z.strictObject({ replyId: id, reviewId: id });
const count = z.int().min(0);

/** The published reviews of a product or merchant. Absolute, so that consumers keep the highest version. */
const rating = {
  stars: z.strictObject({ "1": count, "2": count, "3": count, "4": count, "5": count }),
  average: z.number().nullable().describe("Of the stars, to two decimals; null without reviews"),
  count,
  version: z.int().describe("Consumers keep the rating with the highest"),
};

const decided = {
  from: moderationState,
  to: moderationState,
  reason: z.string().nullable(),
};

/**
 * Events of reviews. They tell no text and no author's name, because the audit trail cannot erase them; the customer
 * is the envelope's actor.
 */
export const reviewEvents = {
  created: event({
    summary: "A buyer reviewed what they bought",
    about: { entity: "review", id: "reviewId" },
    payload: ofReview.extend({ customerId: id, rating: stars, state: moderationState }),
  }),
  edited: event({
    summary: "The author changed a review: its text, stars, pictures or whether it is anonymous",
    about: { entity: "review", id: "reviewId" },
    payload: ofReview.extend({ rating: stars, state: moderationState }),
  }),
  "followed-up": event({
    summary: "The author added a follow-up to a review",
    about: { entity: "review", id: "reviewId" },
    payload: ofReview.extend({ state: moderationState }),
  }),
  removed: event({
    summary: "The author removed a review",
    about: { entity: "review", id: "reviewId" },
    payload: ofReview,
  }),
  moderated: event({
    summary: "Staff approved or rejected a review",
    about: { entity: "review", id: "reviewId" },
    payload: ofReview.extend(decided),
  }),
  reported: event({
    summary: "A user reported a review; with enough reports it is hidden until staff look at it",
    about: { entity: "review", id: "reviewId" },
    payload: ofReview.extend({ reports: count, hidden: z.boolean() }),
  }),
  replied: event({
    summary: "Someone replied below a review",
    about: { entity: "review-reply", id: "replyId" },
    payload: ofReply.extend({
      parentId: id.nullable(),
      by: writer,
      state: moderationState,
    }),
  }),
  "reply-removed": event({
    summary: "The author removed a reply",
    about: { entity: "review-reply", id: "replyId" },
    payload: ofReply,
  }),
  "reply-moderated": event({
    summary: "Staff approved or rejected a reply",
    about: { entity: "review-reply", id: "replyId" },
    payload: ofReply.extend(decided),
  }),
  "reply-reported": event({
    summary: "A user reported a reply; with enough reports it is hidden until staff look at it",
    about: { entity: "review-reply", id: "replyId" },
    payload: ofReply.extend({ reports: count, hidden: z.boolean() }),
  }),
  "product-rated": event({
    summary: "The stars of a product's published reviews changed",
    about: { entity: "product", id: "productId" },
    payload: z.strictObject({ productId: id, ...rating }),
  }),
  "merchant-rated": event({
    summary: "The stars of the published reviews of a merchant's products changed",
    about: { entity: "merchant", id: "merchantId" },
    payload: z.strictObject({ merchantId: id, ...rating }),
  }),
};
