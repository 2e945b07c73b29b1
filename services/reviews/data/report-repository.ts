import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { reportReasons } from "../contract/opinions.ts";

/** What a user reported to the staff, once for each review or reply. */
export interface Report {
  readonly id: string;
  readonly subject: "review" | "reply";
  readonly subjectId: string;
  readonly userId: string;
  readonly reason: (typeof reportReasons)[number];
  readonly note: string | null;
  /** Milliseconds since 1970 (UTC). */
  readonly createdAt: number;
}

type ReportRow = Omit<Report, "createdAt"> & { readonly created_at: number };

const columns = "id, subject, subject_id AS subjectId, user_id AS userId, reason, note, created_at";

export class ReportRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @returns false, without a change, when the user has reported it before */
  async insert({ subjectId, userId, createdAt, ...same }: Report, tx: Tx): Promise<boolean> {
    const row = { ...same, subject_id: subjectId, user_id: userId, created_at: createdAt };
    return this.#database.insertIfAbsent("review_reports", row, tx);
  }

  async list(subjectId: string | undefined, request: PageRequest): Promise<Page<Report>> {
    return readKeysetPage<ReportRow, Report>(this.#database, {
      columns,
      from: "review_reports",
      where: { "subject_id = ?": subjectId },
      sortColumns: { createdAt: "created_at" },
      request,
      present: ({ created_at, ...same }) => ({ ...same, createdAt: created_at }),
    });
  }
}
