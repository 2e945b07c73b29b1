import { ShopError } from "../../../mixins/contract/errors.ts";
import { toTimestamp } from "../../../mixins/contract/fields.ts";
import type { StoredImage } from "../../../mixins/contract/stored-image.ts";
import type { ModerationMode, ModerationState } from "./moderation.ts";
import { stateAfter } from "./moderation.ts";

/** A review of a line of an order. Times are milliseconds since 1970 (UTC). */
export interface Review {
  readonly id: string;
  readonly lineId: string;
  readonly orderId: string;
  readonly productId: string;
  readonly variantId: string;
  /** Null for the shop's own products. */
  readonly merchantId: string | null;
  /** Null, as the name, after the author's account was deleted. */
  readonly authorId: string | null;
  readonly authorName: string | null;
  readonly isAnonymous: boolean;
  readonly options: Readonly<Record<string, string>>;
  /** Stars, 1 to 5. */
  readonly rating: number;
  readonly text: string;
  readonly images: readonly StoredImage[];
  readonly followUp: { readonly text: string; readonly at: number } | null;
  readonly state: ModerationState;
  /** Of the last decision of staff. */
  readonly reason: string | null;
  readonly upVotes: number;
  readonly downVotes: number;
  readonly replies: number;
  /** Since staff last looked at it. */
  readonly reports: number;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The shop's rules of reviews. */
export interface ReviewRules {
  readonly moderation: ModerationMode;
  /** After its creation, in milliseconds. */
  readonly editMs: number;
  readonly followUpMs: number;
  readonly hidingReports: number;
}

export function editableUntil({ createdAt }: Review, { editMs }: ReviewRules): number {
  return createdAt + editMs;
}

export function followUpUntil({ createdAt }: Review, { followUpMs }: ReviewRules): number {
  return createdAt + followUpMs;
}

interface ReviewChanges {
  readonly rating?: number | undefined;
  readonly text?: string | undefined;
  readonly isAnonymous?: boolean | undefined;
}

/** @throws ShopError `period-over` */
export function edit(review: Review, changes: ReviewChanges, rules: ReviewRules, now: number): Review {
  assertWithin(editableUntil(review, rules), now);
  const { rating = review.rating, text = review.text, isAnonymous = review.isAnonymous } = changes;
  const isSame = rating === review.rating && text === review.text && isAnonymous === review.isAnonymous;
  return isSame ? review : changed({ ...review, rating, text, isAnonymous }, rules, now);
}

/** @throws ShopError `limit-reached` for a second one, `period-over` */
export function followUp(review: Review, text: string, rules: ReviewRules, now: number): Review {
  if (review.followUp) throw new ShopError("limit-reached", "It has a follow-up", { limit: 1 });
  assertWithin(followUpUntil(review, rules), now);
  return changed({ ...review, followUp: { text, at: now } }, rules, now);
}

/** With these pictures. */
export function withImages(
  review: Review,
  images: readonly StoredImage[],
  rules: ReviewRules,
  now: number,
): Review {
  return changed({ ...review, images }, rules, now);
}

/** Erases what it says; the row stays, so that the line is not reviewed again. */
export function remove(review: Review, now: number): Review {
  const erased = { text: "", images: [], followUp: null, authorName: null, options: {} };
  return saved({ ...review, ...erased, state: "removed" }, now);
}

/** Approving settles the reports. */
export function decide(
  review: Review,
  decision: "approve" | "reject",
  reason: string | null,
  { moderation }: ReviewRules,
): Review {
  const state = stateAfter(review.state, decision, moderation);
  const reports = decision === "approve" ? 0 : review.reports;
  return { ...review, state, reason, reports, version: review.version + 1 };
}

/** One more user reported it. */
export function report(review: Review, { moderation, hidingReports }: ReviewRules): Review {
  const reports = review.reports + 1;
  const state = reports >= hidingReports ? stateAfter(review.state, "hide", moderation) : review.state;
  return { ...review, reports, state, version: review.version + 1 };
}

function changed(review: Review, { moderation }: ReviewRules, now: number): Review {
  return saved({ ...review, state: stateAfter(review.state, "change", moderation) }, now);
}

function saved(review: Review, now: number): Review {
  return { ...review, version: review.version + 1, updatedAt: now };
}

/** @throws ShopError `period-over` */
export function assertWithin(end: number, now: number): void {
  if (now > end) throw new ShopError("period-over", undefined, { until: toTimestamp(end) });
}
