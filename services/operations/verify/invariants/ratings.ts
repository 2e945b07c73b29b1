import type { Database } from "../../../../mixins/database/database.ts";
import type { Scope } from "../../../../mixins/database/invariant.ts";
import { scopeCondition } from "../../../../mixins/database/invariant.ts";
import type { CrossServiceInvariant } from "../across-services.ts";

const stars = [1, 2, 3, 4, 5] as const;
type Star = (typeof stars)[number];

/** Published reviews of a product or merchant, counted by their stars from one to five. */
interface Stars {
  readonly counts: readonly number[];
  readonly version: number;
}

const unrated: Stars = { counts: stars.map(() => 0), version: 0 };

/** As the reviews count them. */
async function starsOf(
  subject: "product" | "merchant",
  reviews: Database,
  scope: Scope,
): Promise<ReadonlyMap<string, Stars>> {
  const { sql, values } = scopeCondition("subject_id", scope);
  const rows = await reviews.select<{ id: string; version: number } & Record<`stars_${Star}`, number>>(
    `SELECT subject_id AS id, version, ${stars.map((star) => `stars_${star}`).join(", ")}
     FROM ratings WHERE subject = ? AND ${sql}`,
    [subject, ...values],
  );
  return new Map(
    rows.map(({ id, version, ...row }) => [
      id,
      { counts: stars.map((star) => row[`stars_${star}`]), version },
    ]),
  );
}

/** Number of reviews, and the average in hundredths of a star. */
function ratingOf({ counts, version }: Stars): { count: number; average: number; version: number } {
  const count = counts.reduce((total, one) => total + one, 0);
  const sum = counts.reduce((total, one, index) => total + one * (index + 1), 0);
  return { count, average: count === 0 ? 0 : Math.round((100 * sum) / count), version };
}

/** Reviews of products that no longer exist are of no concern. */
export const ratingsAreCopied: CrossServiceInvariant = {
  code: "products.ratings",
  says: "Every product shows the number and the average of the stars of its published reviews",
  of: ["reviews", "catalog"],
  about: "product",
  subjects: [
    { service: "catalog", table: "products", key: "id" },
    { service: "reviews", table: "ratings", key: "subject_id", where: "subject = 'product'" },
  ],
  async disagreements({ reviews, catalog }, scope) {
    const counted = await starsOf("product", reviews, scope);
    const { sql, values } = scopeCondition("id", scope);
    const shown = await catalog.select<{ id: string; count: number; average: number; version: number }>(
      `SELECT id, rating_count AS count, rating_average AS average, rating_version AS version
       FROM products WHERE ${sql}`,
      values,
    );
    return shown
      .map((copy) => ({ copy, rating: ratingOf(counted.get(copy.id) ?? unrated) }))
      .filter(
        ({ copy, rating }) =>
          copy.version !== rating.version || copy.count !== rating.count || copy.average !== rating.average,
      )
      .map(({ copy: { id, count, average }, rating }) => ({
        key: id,
        row: { productId: id, count, counted: rating.count, average, rated: rating.average },
      }));
  },
};

export const merchantsShowRatings: CrossServiceInvariant = {
  code: "merchants.ratings",
  says: "Every merchant shows the stars of its products' reviews as the reviews count them",
  of: ["merchants", "reviews"],
  about: "merchant",
  subjects: [{ service: "merchants", table: "merchants", key: "id" }],
  async disagreements({ merchants, reviews }, scope) {
    const { sql, values } = scopeCondition("id", scope);
    const shown = await merchants.select<{ id: string; slug: string; rating: string | null }>(
      `SELECT id, slug, CASE WHEN JSON_VALID(rating) THEN rating END AS rating FROM merchants WHERE ${sql}`,
      values,
    );
    const counted = await starsOf("merchant", reviews, scope);
    return shown
      .map(({ id, slug, rating }) => {
        const copy =
          rating === null ? undefined : (JSON.parse(rating) as { stars?: Record<Star, number> }).stars;
        const row = {
          merchantId: id,
          slug,
          shown: stars.map((star) => copy?.[star] ?? 0).join(" "),
          counted: (counted.get(id) ?? unrated).counts.join(" "),
        };
        return { key: id, row };
      })
      .filter(({ row }) => row.shown !== row.counted);
  },
};
