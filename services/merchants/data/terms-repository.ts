import type { Database, Tx } from "../../../mixins/database/database.ts";

/** A merchant's commission from a time on, in basis points. */
export interface Terms {
  readonly version: number;
  readonly validFrom: number;
  readonly basisPoints: number;
  readonly categories: readonly { readonly categoryId: string; readonly basisPoints: number }[];
  readonly createdAt: number;
}

type TermsRow = {
  version: number;
  valid_from: number;
  basis_points: number;
  categories: string | null;
  created_at: number;
};

const shown = 100;

/** Append-only; those of one merchant are added under its lock. */
export class TermsRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The latest, newest first. */
  async of(merchantId: string, tx?: Tx): Promise<Terms[]> {
    const rows = await this.#database.select<TermsRow>(
      `SELECT version, valid_from, basis_points, categories, created_at FROM terms
       WHERE merchant_id = ? ORDER BY version DESC LIMIT ?`,
      [merchantId, shown],
      tx,
    );
    return rows.map((row) => ({
      version: row.version,
      validFrom: row.valid_from,
      basisPoints: row.basis_points,
      categories: row.categories === null ? [] : (JSON.parse(row.categories) as Terms["categories"]),
      createdAt: row.created_at,
    }));
  }

  async add(merchantId: string, terms: Terms, tx: Tx): Promise<void> {
    const { version, validFrom, basisPoints, categories, createdAt } = terms;
    const row = {
      merchant_id: merchantId,
      version,
      valid_from: validFrom,
      basis_points: basisPoints,
      categories: categories.length === 0 ? null : JSON.stringify(categories),
      created_at: createdAt,
    };
    await this.#database.insertIfAbsent("terms", row, tx);
  }
}
