import { newId } from "../../../mixins/contract/ids.ts";
import type { Damage } from "../damage.ts";
import { insert, spoil } from "../damage.ts";

const lost = newId();
const published = "SELECT id FROM reviews WHERE state = 'published' ORDER BY id";
const rated = "SELECT id FROM products WHERE rating_count > 0";
const reviews = (find: string, statement: string, also?: readonly string[]) =>
  spoil("reviews", find, statement, also);
const reply = {
  parent_id: null,
  depth: 1,
  written_by: "customer",
  author_id: null,
  author_name: null,
  body: "x",
  state: "pending",
  reason: null,
  created_at: 1,
};

/** Damages to reviews, and to what is counted of them. */
export const damagesOfReviews: Readonly<Record<string, Damage>> = {
  "reviews.ratings: a star too many": reviews(
    "SELECT subject_id AS id FROM ratings WHERE subject = 'product'",
    "UPDATE ratings SET stars_1 = stars_1 + 1 WHERE subject_id = ?",
    ["products.ratings"],
  ),
  "reviews.ratings: a review that is hidden still counts": spoil(
    "reviews",
    "SELECT id, product_id AS named FROM reviews WHERE state = 'published' ORDER BY id",
    "UPDATE reviews SET state = 'hidden' WHERE id = ?",
  ),
  "reviews.rated": reviews(
    published,
    "DELETE FROM ratings WHERE subject_id = (SELECT product_id FROM reviews WHERE id = ?)",
    ["products.ratings"],
  ),
  "products.ratings: a star too many": spoil(
    "catalog",
    rated,
    "UPDATE products SET rating_count = rating_count + 1 WHERE id = ?",
  ),
  "products.ratings: another average": spoil(
    "catalog",
    rated,
    "UPDATE products SET rating_average = rating_average - 1 WHERE id = ?",
  ),
  "products.ratings: of reviews that it was not told of": spoil(
    "catalog",
    rated,
    "UPDATE products SET rating_count = 0, rating_average = 0, rating_version = 0 WHERE id = ?",
  ),
  "reviews.votes: one that is not counted": reviews(
    "SELECT id FROM reviews WHERE up_votes > 0",
    "DELETE FROM review_votes WHERE review_id = ?",
  ),
  "reviews.votes: of the author": reviews(
    "SELECT id FROM reviews WHERE up_votes > 0",
    "UPDATE review_votes SET user_id = (SELECT author_id FROM reviews WHERE id = review_id) WHERE review_id = ?",
  ),
  "reviews.replies": reviews(
    "SELECT id FROM reviews WHERE replies > 0",
    "UPDATE reviews SET replies = replies + 1 WHERE id = ?",
  ),
  "reviews.content: no text once it is removed": reviews(
    "SELECT id FROM reviews WHERE state = 'removed'",
    "UPDATE reviews SET body = 'still there' WHERE id = ?",
  ),
  "reviews.bought: of somebody else": reviews(
    published,
    `UPDATE reviews SET author_id = '${lost}' WHERE id = ?`,
  ),
  "reviews.purchases: reviewed, and can be reviewed again": spoil(
    "reviews",
    "SELECT line_id AS id, order_id AS named FROM purchases WHERE state = 'reviewed' ORDER BY line_id",
    "UPDATE purchases SET state = 'received' WHERE line_id = ?",
    ["reviews.bought"],
  ),
  "reviews.purchases: received but not paid": insert(
    "reviews",
    "purchases",
    { order_id: lost, variant_id: lost, customer_id: lost, state: "received", received_at: 1 },
    lost,
  ),
  "reviews.threads: deeper than it is": reviews(
    "SELECT id FROM review_replies WHERE depth = 2",
    "UPDATE review_replies SET depth = 3 WHERE id = ?",
  ),
  "reviews.threads: below nothing": insert(
    "reviews",
    "review_replies",
    { id: lost, review_id: lost, ...reply },
    lost,
  ),
};
