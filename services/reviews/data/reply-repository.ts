import type { Database, SqlValue, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { ModerationState } from "../domain/moderation.ts";
import type { Reply } from "../domain/reply.ts";

/** Who wrote what a reply answers; of the review's author where it answers the review. */
export type Answered = Pick<Reply, "by" | "authorId" | "authorName">;

/** A reply in a list. */
export interface ListedReply extends Reply {
  readonly answers: Answered;
  /** The review's author may be anonymous in the thread, too. */
  readonly review: { readonly authorId: string | null; readonly isAnonymous: boolean };
}

type ReplyRow = {
  id: string;
  review_id: string;
  parent_id: string | null;
  depth: number;
  written_by: Reply["by"];
  author_id: string | null;
  author_name: string | null;
  body: string;
  state: ModerationState;
  reason: string | null;
  reports: number;
  created_at: number;
};

type ListedRow = ReplyRow & {
  parent_by: Reply["by"] | null;
  parent_author_id: string | null;
  parent_author_name: string | null;
  review_author_id: string | null;
  review_author_name: string | null;
  review_is_anonymous: number;
};

const ownColumns = [
  "id",
  "review_id",
  "parent_id",
  "depth",
  "written_by",
  "author_id",
  "author_name",
  "body",
  "state",
  "reason",
  "reports",
  "created_at",
] as const satisfies readonly (keyof ReplyRow)[];

const listedColumns = `${ownColumns.map((column) => `r.${column}`).join(", ")}, parent.written_by AS parent_by,
  parent.author_id AS parent_author_id, parent.author_name AS parent_author_name, review.author_id AS review_author_id,
  review.author_name AS review_author_name, review.is_anonymous AS review_is_anonymous`;
const joinAnswered = `LEFT JOIN review_replies parent ON parent.id = r.parent_id
  LEFT JOIN reviews review ON review.id = r.review_id`;

/** Replies below reviews. Existing ones change under their own lock, before that of their review. */
export class ReplyRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async listPublished(reviewId: string, request: PageRequest): Promise<Page<ListedReply>> {
    return this.#list({ "r.review_id = ?": reviewId, "r.state = ?": "published" }, request);
  }

  async listInState(state: ModerationState, request: PageRequest): Promise<Page<ListedReply>> {
    return this.#list({ "r.state = ?": state }, request);
  }

  async listed(id: string, tx: Tx): Promise<ListedReply | undefined> {
    const sql = `SELECT ${listedColumns} FROM review_replies r ${joinAnswered} WHERE r.id = ?`;
    const [row] = await this.#database.select<ListedRow>(sql, [id], tx);
    return row && listedFromRow(row);
  }

  /** A published reply below the review. */
  async published(id: string, reviewId: string, tx: Tx): Promise<Reply | undefined> {
    const sql = `SELECT ${ownColumns.join(", ")} FROM review_replies
                 WHERE id = ? AND review_id = ? AND state = 'published'`;
    const [row] = await this.#database.select<ReplyRow>(sql, [id, reviewId], tx);
    return row && fromRow(row);
  }

  /** Locks a reply until the transaction ends. @returns undefined for a removed one */
  async lock(id: string, tx: Tx): Promise<Reply | undefined> {
    const sql = `SELECT ${ownColumns.join(", ")} FROM review_replies
                 WHERE id = ? AND state <> 'removed'${this.#database.forUpdate}`;
    const [row] = await this.#database.select<ReplyRow>(sql, [id], tx);
    return row && fromRow(row);
  }

  async insert(reply: Reply, tx: Tx): Promise<void> {
    const row = {
      id: reply.id,
      review_id: reply.reviewId,
      parent_id: reply.parentId,
      depth: reply.depth,
      written_by: reply.by,
      author_id: reply.authorId,
      created_at: reply.createdAt,
      ...changedColumns(reply),
    };
    await this.#database.insertIfAbsent("review_replies", row, tx);
  }

  /** Saves a locked reply. */
  async save(reply: Reply, tx: Tx): Promise<void> {
    const changed = changedColumns(reply);
    const assignments = Object.keys(changed).map((column) => `${column} = ?`);
    await this.#database.execute(
      `UPDATE review_replies SET ${assignments.join(", ")} WHERE id = ?`,
      [...Object.values(changed), reply.id],
      tx,
    );
  }

  /** Detaches a deleted account from its replies. */
  async anonymise(authorId: string, tx: Tx): Promise<void> {
    await this.#database.execute(
      "UPDATE review_replies SET author_id = NULL, author_name = NULL WHERE author_id = ?",
      [authorId],
      tx,
    );
  }

  #list(where: Readonly<Record<string, SqlValue>>, request: PageRequest): Promise<Page<ListedReply>> {
    return readKeysetPage<ListedRow, ListedReply>(this.#database, {
      columns: listedColumns,
      from: "review_replies r",
      joinShown: joinAnswered,
      where,
      sortColumns: { createdAt: "r.created_at" },
      idColumn: "r.id",
      request,
      present: listedFromRow,
    });
  }
}

function fromRow(row: ReplyRow): Reply {
  return {
    id: row.id,
    reviewId: row.review_id,
    parentId: row.parent_id,
    depth: row.depth,
    by: row.written_by,
    authorId: row.author_id,
    authorName: row.author_name,
    text: row.body,
    state: row.state,
    reason: row.reason,
    reports: row.reports,
    createdAt: row.created_at,
  };
}

function listedFromRow(row: ListedRow): ListedReply {
  const review = { authorId: row.review_author_id, isAnonymous: row.review_is_anonymous === 1 };
  return {
    ...fromRow(row),
    review,
    answers:
      row.parent_by === null
        ? { by: "customer", authorId: row.review_author_id, authorName: row.review_author_name }
        : { by: row.parent_by, authorId: row.parent_author_id, authorName: row.parent_author_name },
  };
}

/** Columns that a change writes. */
function changedColumns({ authorName, text, state, reason, reports }: Reply) {
  return { author_name: authorName, body: text, state, reason, reports };
}
