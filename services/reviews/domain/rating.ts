import type { Review } from "./review.ts";

export const allStars = [1, 2, 3, 4, 5] as const;
type Stars = (typeof allStars)[number];
export type StarCounts = Readonly<Record<Stars, number>>;

/** Published reviews of a product or merchant, counted. */
export interface Rating {
  readonly stars: StarCounts;
  /** Those with pictures. */
  readonly pictured: number;
  /** 0 before the first review. */
  readonly version: number;
}

/** What a change of a review adds to the counts, possibly less than nothing. */
export type RatingChange = Omit<Rating, "version">;

export const noRating: Rating = { stars: { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0 }, pictured: 0, version: 0 };

type Counted = Pick<Review, "state" | "rating" | "images">;

/** @returns undefined where the counts stay the same */
export function ratingChange(before: Counted | undefined, after: Counted): RatingChange | undefined {
  const [lost, won] = [countOf(before), countOf(after)];
  const stars = Object.fromEntries(
    allStars.map((star) => [star, won.stars[star] - lost.stars[star]]),
  ) as Record<Stars, number>;
  const pictured = won.pictured - lost.pictured;
  return pictured === 0 && allStars.every((star) => stars[star] === 0) ? undefined : { stars, pictured };
}

function countOf(review: Counted | undefined): RatingChange {
  if (review?.state !== "published") return noRating;
  return {
    stars: { ...noRating.stars, [review.rating]: 1 },
    pictured: Number(review.images.length > 0),
  };
}

export function countIn({ stars }: Pick<Rating, "stars">): number {
  return allStars.reduce((sum, star) => sum + stars[star], 0);
}

/** To two decimals; null without reviews. */
export function averageOf(rating: Pick<Rating, "stars">): number | null {
  const count = countIn(rating);
  if (count === 0) return null;
  const sum = allStars.reduce((total, star) => total + star * rating.stars[star], 0);
  return Math.round((100 * sum) / count) / 100;
}
