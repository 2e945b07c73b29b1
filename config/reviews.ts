import type { Env } from "./env.ts";

const day = 86_400_000;

/** Rules of reviews. */
export interface ReviewsConfig {
  /** When reviews and replies are moderated: before they are shown, or after. */
  readonly moderation: "before" | "after";
  /** Times after a review for which its author can change it, and can add a follow-up. */
  readonly editMs: number;
  readonly followUpMs: number;
  /** Reports by so many users hide a review or reply. */
  readonly hidingReports: number;
}

export function reviewsConfig(env: Env): ReviewsConfig {
  return {
    moderation: env.REVIEWS_MODERATION,
    editMs: env.REVIEWS_EDIT_DAYS * day,
    followUpMs: env.REVIEWS_FOLLOW_UP_DAYS * day,
    hidingReports: env.REVIEWS_HIDING_REPORTS,
  };
}
