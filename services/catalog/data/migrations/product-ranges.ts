import type { QueryInterface } from "sequelize";
import { QueryTypes } from "sequelize";

const productsPerRange = 1000;

/** All products as ranges of ids, `id > after AND id <= to`, so that a statement touches a bounded number. */
export async function* productRanges({
  sequelize,
}: QueryInterface): AsyncGenerator<{ readonly after: string; readonly to: string }> {
  for (let after = ""; ;) {
    const rows = await sequelize.query<{ id: string }>(
      "SELECT id FROM products WHERE id > ? ORDER BY id LIMIT ?",
      { replacements: [after, productsPerRange], type: QueryTypes.SELECT },
    );
    const to = rows.at(-1)?.id;
    if (to === undefined) return;
    yield { after, to };
    after = to;
  }
}
