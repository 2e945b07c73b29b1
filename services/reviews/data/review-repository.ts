import type { Database, SqlValue, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { StoredImage } from "../../../mixins/contract/stored-image.ts";
import type { ModerationState } from "../domain/moderation.ts";
import type { Review } from "../domain/review.ts";

type ReviewRow = {
  id: string;
  line_id: string;
  order_id: string;
  product_id: string;
  variant_id: string;
  merchant_id: string | null;
  author_id: string | null;
  author_name: string | null;
  is_anonymous: number;
  options: string;
  rating: number;
  body: string;
  images: string | null;
  follow_up: string | null;
  follow_up_at: number | null;
  state: ModerationState;
  reason: string | null;
  up_votes: number;
  down_votes: number;
  score: number;
  replies: number;
  reports: number;
  version: number;
  created_at: number;
  updated_at: number;
};

const columns = `id, line_id, order_id, product_id, variant_id, merchant_id, author_id, author_name, is_anonymous,
  options, rating, body, images, follow_up, follow_up_at, state, reason, up_votes, down_votes, score, replies, reports,
  version, created_at, updated_at`;

/** Whose reviews everyone sees. */
export type ReviewsOf = { readonly productId: string } | { readonly merchantId: string };

export interface ReviewFilter {
  readonly rating?: number | undefined;
  readonly withPictures?: true | undefined;
}

/** Reviews. Their votes and replies are counted by single statements, everything else changes under the row's lock. */
export class ReviewRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @returns undefined unless everyone can see it */
  async published(id: string, tx?: Tx): Promise<Review | undefined> {
    return this.#one("id = ? AND state = 'published'", [id], tx);
  }

  /** @returns undefined for a removed one */
  async ofAuthor(id: string, authorId: string, tx?: Tx): Promise<Review | undefined> {
    return this.#one("id = ? AND author_id = ? AND state <> 'removed'", [id, authorId], tx);
  }

  async listPublished(
    of: ReviewsOf,
    { rating, withPictures }: ReviewFilter,
    request: PageRequest,
  ): Promise<Page<Review>> {
    return readKeysetPage<ReviewRow, Review>(this.#database, {
      columns,
      from: "reviews",
      where: {
        "product_id = ?": "productId" in of ? of.productId : undefined,
        "merchant_id = ?": "merchantId" in of ? of.merchantId : undefined,
        "state = ?": "published",
        "rating = ?": rating,
        "is_pictured = ?": withPictures && 1,
      },
      sortColumns: { helpful: "score", createdAt: "created_at" },
      request,
      present: fromRow,
    });
  }

  async listOfAuthor(authorId: string, request: PageRequest): Promise<Page<Review>> {
    return readKeysetPage<ReviewRow, Review>(this.#database, {
      columns,
      from: "reviews",
      where: { "author_id = ?": authorId, "state <> ?": "removed" },
      sortColumns: { createdAt: "created_at" },
      request,
      present: fromRow,
    });
  }

  async listInState(state: ModerationState, request: PageRequest): Promise<Page<Review>> {
    return readKeysetPage<ReviewRow, Review>(this.#database, {
      columns,
      from: "reviews",
      where: { "state = ?": state },
      sortColumns: { createdAt: "created_at" },
      request,
      present: fromRow,
    });
  }

  /** Locks a review until the transaction ends. @returns undefined for a removed one */
  async lock(id: string, tx: Tx): Promise<Review | undefined> {
    return this.#one(`id = ? AND state <> 'removed'${this.#database.forUpdate}`, [id], tx);
  }

  /** As `lock`, for its author. */
  async lockOfAuthor(id: string, authorId: string, tx: Tx): Promise<Review | undefined> {
    const review = await this.lock(id, tx);
    return review?.authorId === authorId ? review : undefined;
  }

  /** As `lock`, for one that everyone can see. */
  async lockPublished(id: string, tx: Tx): Promise<Review | undefined> {
    const review = await this.lock(id, tx);
    return review?.state === "published" ? review : undefined;
  }

  /** @returns false, without a change, when the line has a review */
  async insert(review: Review, tx: Tx): Promise<boolean> {
    const { id, lineId, orderId, productId, variantId, merchantId, authorId, createdAt } = review;
    const row = {
      id,
      line_id: lineId,
      order_id: orderId,
      product_id: productId,
      variant_id: variantId,
      merchant_id: merchantId,
      author_id: authorId,
      created_at: createdAt,
      ...changedColumns(review),
    };
    return this.#database.insertIfAbsent("reviews", row, tx);
  }

  /** Saves a locked review. */
  async save(review: Review, tx: Tx): Promise<void> {
    const changed = changedColumns(review);
    const assignments = Object.keys(changed).map((column) => `${column} = ?`);
    await this.#database.execute(
      `UPDATE reviews SET ${assignments.join(", ")} WHERE id = ?`,
      [...Object.values(changed), review.id],
      tx,
    );
  }

  async addVotes(id: string, { up, down }: { up: number; down: number }, tx: Tx): Promise<void> {
    await this.#database.execute(
      "UPDATE reviews SET up_votes = up_votes + ?, down_votes = down_votes + ?, score = score + ? WHERE id = ?",
      [up, down, up - down, id],
      tx,
    );
  }

  async addReplies(id: string, difference: number, tx: Tx): Promise<void> {
    await this.#database.execute(
      "UPDATE reviews SET replies = replies + ? WHERE id = ?",
      [difference, id],
      tx,
    );
  }

  /** Detaches a deleted account from its reviews. */
  async anonymise(authorId: string, tx: Tx): Promise<void> {
    await this.#database.execute(
      "UPDATE reviews SET author_id = NULL, author_name = NULL, version = version + 1 WHERE author_id = ?",
      [authorId],
      tx,
    );
  }

  async #one(condition: string, values: readonly SqlValue[], tx?: Tx): Promise<Review | undefined> {
    const sql = `SELECT ${columns} FROM reviews WHERE ${condition}`;
    const [row] = await this.#database.select<ReviewRow>(sql, values, tx);
    return row && fromRow(row);
  }
}

function fromRow(row: ReviewRow): Review {
  return {
    id: row.id,
    lineId: row.line_id,
    orderId: row.order_id,
    productId: row.product_id,
    variantId: row.variant_id,
    merchantId: row.merchant_id,
    authorId: row.author_id,
    authorName: row.author_name,
    isAnonymous: row.is_anonymous === 1,
    options: JSON.parse(row.options) as Record<string, string>,
    rating: row.rating,
    text: row.body,
    images: row.images === null ? [] : (JSON.parse(row.images) as StoredImage[]),
    followUp:
      row.follow_up === null || row.follow_up_at === null
        ? null
        : { text: row.follow_up, at: row.follow_up_at },
    state: row.state,
    reason: row.reason,
    upVotes: row.up_votes,
    downVotes: row.down_votes,
    replies: row.replies,
    reports: row.reports,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Columns that a change writes. */
function changedColumns(review: Review) {
  return {
    author_name: review.authorName,
    is_anonymous: Number(review.isAnonymous),
    options: JSON.stringify(review.options),
    rating: review.rating,
    body: review.text,
    images: review.images.length === 0 ? null : JSON.stringify(review.images),
    is_pictured: Number(review.images.length > 0),
    follow_up: review.followUp?.text ?? null,
    follow_up_at: review.followUp?.at ?? null,
    state: review.state,
    reason: review.reason,
    reports: review.reports,
    version: review.version,
    updated_at: review.updatedAt,
  };
}
