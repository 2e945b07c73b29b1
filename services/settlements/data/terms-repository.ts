import type { Database, Tx } from "../../../mixins/database/database.ts";

/** A merchant's commission from a time on, copied from the merchants service. */
export interface Terms {
  readonly merchantId: string;
  /** The highest version whose time has come holds. */
  readonly version: number;
  /** Milliseconds since the Unix epoch. */
  readonly validFrom: number;
  readonly basisPoints: number;
  /** Other commissions by category, which also hold below it. */
  readonly categories: readonly { readonly categoryId: string; readonly basisPoints: number }[];
}

/** The commission of a product in basis points, by its categories from the innermost out. */
export type Rates = (categoryIds: readonly string[]) => number;

export class TermsRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Terms never change: an event that repeats them has no effect. */
  async add({ merchantId, version, validFrom, basisPoints, categories }: Terms, tx: Tx): Promise<void> {
    const row = {
      merchant_id: merchantId,
      version,
      valid_from: validFrom,
      basis_points: basisPoints,
      categories: JSON.stringify(categories),
    };
    await this.#database.insertIfAbsent("terms", row, tx);
  }

  /** The merchant's rates at a time; 0 before its first terms. */
  async ratesAt(merchantId: string, moment: number, tx: Tx): Promise<Rates> {
    const [row] = await this.#database.select<{ basisPoints: number; categories: string }>(
      `SELECT basis_points AS basisPoints, categories FROM terms WHERE merchant_id = ? AND valid_from <= ?
       ORDER BY version DESC LIMIT 1`,
      [merchantId, moment],
      tx,
    );
    if (!row) return () => 0;
    const byCategory = new Map(
      (JSON.parse(row.categories) as Terms["categories"]).map(({ categoryId, basisPoints }) => [
        categoryId,
        basisPoints,
      ]),
    );
    return (categoryIds) => {
      const innermost = categoryIds.find((id) => byCategory.has(id));
      return (innermost === undefined ? undefined : byCategory.get(innermost)) ?? row.basisPoints;
    };
  }
}
