import type { Invariant } from "../../../mixins/database/invariant.ts";
import { exhaustiveKeys, notListed } from "../../../mixins/database/invariant.ts";
import { outboxInvariants } from "../../../mixins/events/event-invariants.ts";
import { imageInvariants } from "../../../mixins/media/image-invariants.ts";
import { taskInvariants } from "../../../mixins/tasks/task-invariants.ts";
import { maxDepth, moderationStates, writers } from "../contract/fields.ts";
import { allStars } from "../domain/rating.ts";
import type { PurchaseState } from "./purchase-repository.ts";

const reviews = { table: "reviews", key: "id" } as const;
const purchaseStates = exhaustiveKeys<PurchaseState>({ bought: true, received: true, reviewed: true });

/** SQL that counts what a rating `g` should count. */
function recount(condition: string): string {
  const of = (column: string) =>
    `(SELECT COUNT(*) FROM reviews r WHERE r.${column} = g.subject_id AND r.state = 'published' AND ${condition})`;
  return `CASE g.subject WHEN 'product' THEN ${of("product_id")} ELSE ${of("merchant_id")} END`;
}

/** Invariants of this service's data. */
export const invariants: readonly Invariant[] = [
  {
    code: "reviews.ratings",
    says: "Every rating of a product or merchant counts its published reviews, by their stars and those with pictures",
    subject: { table: "ratings", key: "subject_id" },
    broken: `SELECT g.subject_id AS subjectId, g.subject, g.version,
               ${allStars.map((star) => `g.stars_${star} AS stars${star}`).join(", ")}, g.pictured
             FROM ratings g WHERE {page g.subject_id} AND (${notListed("g.subject", ["product", "merchant"])}
               OR ${allStars.map((star) => `g.stars_${star} <> ${recount(`r.rating = ${star}`)}`).join(" OR ")}
               OR g.pictured <> ${recount("r.is_pictured = 1")})`,
  },
  {
    code: "reviews.rated",
    says: "The product and the merchant of every published review have a rating",
    subject: reviews,
    broken: `SELECT r.id AS reviewId, r.product_id AS productId, r.merchant_id AS merchantId FROM reviews r
             WHERE {page r.id} AND r.state = 'published'
               AND (NOT EXISTS (SELECT g.subject_id FROM ratings g WHERE g.subject_id = r.product_id)
                 OR (r.merchant_id IS NOT NULL
                   AND NOT EXISTS (SELECT g.subject_id FROM ratings g WHERE g.subject_id = r.merchant_id)))`,
  },
  {
    code: "reviews.votes",
    says: "Every review counts the votes on it, at most one a user and none of its author",
    subject: reviews,
    broken: `SELECT t.* FROM (
               SELECT r.id AS reviewId, r.up_votes AS upVotes, r.down_votes AS downVotes, r.score,
                 (SELECT COUNT(*) FROM review_votes v WHERE v.review_id = r.id AND v.value = 1) AS up,
                 (SELECT COUNT(*) FROM review_votes v WHERE v.review_id = r.id AND v.value = -1) AS down,
                 (SELECT COUNT(*) FROM review_votes v WHERE v.review_id = r.id AND v.user_id = r.author_id) AS own
               FROM reviews r WHERE {page r.id}
             ) t WHERE t.up <> t.upVotes OR t.down <> t.downVotes OR t.score <> t.upVotes - t.downVotes OR t.own > 0`,
  },
  {
    code: "reviews.replies",
    says: "Every review counts the published replies below it",
    subject: reviews,
    broken: `SELECT t.* FROM (
               SELECT r.id AS reviewId, r.replies AS counted,
                 (SELECT COUNT(*) FROM review_replies p WHERE p.review_id = r.id AND p.state = 'published') AS replies
               FROM reviews r WHERE {page r.id}
             ) t WHERE t.counted <> t.replies`,
  },
  {
    code: "reviews.content",
    says: "Every review has one to five stars, a known state, knows whether it has pictures, and says nothing once it is removed",
    subject: reviews,
    broken: `SELECT id AS reviewId, rating, state, is_pictured AS isPictured, version FROM reviews
             WHERE {page id} AND (rating < 1 OR rating > 5 OR ${notListed("state", moderationStates)} OR version < 1
               OR is_pictured <> (images IS NOT NULL) OR (follow_up IS NULL) <> (follow_up_at IS NULL)
               OR NOT JSON_VALID(options) OR NOT JSON_VALID(COALESCE(images, '[]'))
               OR (author_id IS NULL AND author_name IS NOT NULL)
               OR (state = 'removed' AND (body <> '' OR images IS NOT NULL OR follow_up IS NOT NULL)))`,
  },
  {
    code: "reviews.bought",
    says: "The author of every review bought and received the line that it is about",
    subject: reviews,
    broken: `SELECT r.id AS reviewId, r.line_id AS lineId, r.author_id AS authorId FROM reviews r
             LEFT JOIN purchases b ON b.line_id = r.line_id
             WHERE {page r.id} AND r.author_id IS NOT NULL
               AND (b.line_id IS NULL OR b.customer_id <> r.author_id OR b.product_id <> r.product_id
                 OR b.state <> 'reviewed')`,
  },
  {
    code: "reviews.purchases",
    says: "Every purchase can be reviewed from when it is both paid and received, and then once",
    subject: { table: "purchases", key: "order_id" },
    broken: `SELECT b.order_id AS orderId, b.variant_id AS variantId, b.line_id AS lineId, b.state FROM purchases b
             WHERE {page b.order_id} AND (${notListed("b.state", purchaseStates)}
               OR (b.state = 'bought') <> (b.line_id IS NULL OR b.received_at = 0)
               OR (b.line_id IS NULL) <> (b.product_id IS NULL)
               OR (SELECT COUNT(*) FROM reviews r WHERE r.line_id = b.line_id)
                 <> CASE b.state WHEN 'reviewed' THEN 1 ELSE 0 END)`,
  },
  {
    code: "reviews.threads",
    says: "Every reply is below a review, one deeper than the reply there that it answers, by a known kind of writer",
    subject: { table: "review_replies", key: "id" },
    broken: `SELECT p.id AS replyId, p.review_id AS reviewId, p.parent_id AS parentId, p.depth, p.state
             FROM review_replies p LEFT JOIN reviews r ON r.id = p.review_id
             LEFT JOIN review_replies a ON a.id = p.parent_id AND a.review_id = p.review_id
             WHERE {page p.id} AND (r.id IS NULL OR (p.parent_id IS NOT NULL AND a.id IS NULL)
               OR p.depth <> COALESCE(a.depth, 0) + 1 OR p.depth > ${maxDepth}
               OR ${notListed("p.written_by", writers)} OR ${notListed("p.state", moderationStates)}
               OR (p.state = 'removed' AND p.body <> ''))`,
  },
  ...outboxInvariants,
  ...taskInvariants,
  ...imageInvariants,
];
