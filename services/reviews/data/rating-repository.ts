import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { Rating, RatingChange } from "../domain/rating.ts";
import { allStars, noRating } from "../domain/rating.ts";

export type RatedKind = "product" | "merchant";

type RatingRow = {
  stars_1: number;
  stars_2: number;
  stars_3: number;
  stars_4: number;
  stars_5: number;
  pictured: number;
  version: number;
};

/** Published reviews, counted when they change and never when they are read. */
export class RatingRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async of(subjectId: string, tx?: Tx): Promise<Rating> {
    const [row] = await this.#database.select<RatingRow>(
      `SELECT stars_1, stars_2, stars_3, stars_4, stars_5, pictured, version FROM ratings WHERE subject_id = ?`,
      [subjectId],
      tx,
    );
    return row ? fromRow(row) : noRating;
  }

  /** @returns the rating with the change; the row stays locked until the transaction ends */
  async add(subject: RatedKind, subjectId: string, change: RatingChange, tx: Tx): Promise<Rating> {
    const counts = allStars.map((star) => `stars_${star} = stars_${star} + ?`);
    const update = () =>
      this.#database.execute(
        `UPDATE ratings SET ${counts.join(", ")}, pictured = pictured + ?, version = version + 1
         WHERE subject_id = ?`,
        [...allStars.map((star) => change.stars[star]), change.pictured, subjectId],
        tx,
      );
    if ((await update()) === 0) {
      await this.#database.insertIfAbsent("ratings", { subject_id: subjectId, subject }, tx);
      await update();
    }
    return this.of(subjectId, tx);
  }
}

function fromRow(row: RatingRow): Rating {
  return {
    stars: { 1: row.stars_1, 2: row.stars_2, 3: row.stars_3, 4: row.stars_4, 5: row.stars_5 },
    pictured: row.pictured,
    version: row.version,
  };
}
