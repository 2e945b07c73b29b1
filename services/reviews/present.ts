import type { Result } from "../../mixins/contract/calls.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import type { ImagePresenter } from "../../mixins/media/present-image.ts";
import type { Report } from "./data/report-repository.ts";
import type { Answered, ListedReply } from "./data/reply-repository.ts";
import { maskName } from "./domain/mask-name.ts";
import type { Rating } from "./domain/rating.ts";
import { averageOf, countIn } from "./domain/rating.ts";
import type { Review, ReviewRules } from "./domain/review.ts";
import { editableUntil, followUpUntil } from "./domain/review.ts";

type PresentedReply = Result<"reviews.replies.create">;
type Author = PresentedReply["author"];

export function presentReview(review: Review, images: ImagePresenter): Result<"reviews.get"> {
  return {
    id: review.id,
    productId: review.productId,
    variantId: review.variantId,
    options: { ...review.options },
    merchantId: review.merchantId,
    author: presentAuthor(review.authorName, review.isAnonymous),
    rating: review.rating,
    text: review.text,
    images: review.images.map((image) => images.image(image)),
    followUp: review.followUp && { text: review.followUp.text, at: toTimestamp(review.followUp.at) },
    upVotes: review.upVotes,
    downVotes: review.downVotes,
    replies: review.replies,
    createdAt: toTimestamp(review.createdAt),
    updatedAt: toTimestamp(review.updatedAt),
  };
}

export function presentOwn(
  review: Review,
  { imagePresenter, rules }: { imagePresenter: ImagePresenter; rules: ReviewRules },
): Result<"reviews.own.get"> {
  return {
    ...presentReview(review, imagePresenter),
    state: review.state,
    reason: review.reason,
    orderId: review.orderId,
    lineId: review.lineId,
    editableUntil: toTimestamp(editableUntil(review, rules)),
    followUpUntil: toTimestamp(followUpUntil(review, rules)),
    version: review.version,
  };
}

export function presentModerated(
  review: Review,
  shown: { imagePresenter: ImagePresenter; rules: ReviewRules },
): Result<"reviews.moderation.decide"> {
  return { ...presentOwn(review, shown), customerId: review.authorId, reports: review.reports };
}

export function presentRating(rating: Rating): Result<"reviews.products.list">["rating"] {
  return {
    average: averageOf(rating),
    count: countIn(rating),
    stars: { ...rating.stars },
    withPictures: rating.pictured,
  };
}

export function presentReply(reply: ListedReply): PresentedReply {
  return {
    id: reply.id,
    reviewId: reply.reviewId,
    parentId: reply.parentId,
    depth: reply.depth,
    by: reply.by,
    author: authorOf(reply, reply.review),
    repliesTo: { by: reply.answers.by, author: authorOf(reply.answers, reply.review) },
    text: reply.text,
    createdAt: toTimestamp(reply.createdAt),
  };
}

export function presentModeratedReply(reply: ListedReply): Result<"reviews.moderation.decide-reply"> {
  return {
    ...presentReply(reply),
    state: reply.state,
    reason: reply.reason,
    customerId: reply.authorId,
    reports: reply.reports,
  };
}

export function presentReport({
  userId,
  createdAt,
  ...same
}: Report): Result<"reviews.reports.list">["items"][number] {
  return { ...same, customerId: userId, createdAt: toTimestamp(createdAt) };
}

/** Ids of a review for its events. */
export function reviewPayload({ id, lineId, orderId, productId, merchantId }: Review) {
  return { reviewId: id, lineId, orderId, productId, merchantId };
}

/** In the thread of an anonymous review its author is anonymous, too. */
function authorOf({ by, authorId, authorName }: Answered, review: ListedReply["review"]): Author {
  const isReviewer = by === "customer" && authorId !== null && authorId === review.authorId;
  return presentAuthor(authorName, isReviewer && review.isAnonymous);
}

function presentAuthor(name: string | null, isAnonymous: boolean): Author {
  return { name: name !== null && isAnonymous ? maskName(name) : name, isAnonymous };
}
