import { stringify } from "csv-stringify/sync";
import { escapeFormula } from "../../mixins/support/escape-formula.ts";
import type { FigureRow } from "./data/figure-repository.ts";
import { measureNames } from "./domain/measures.ts";

/** A row of figures with what it is about. */
export interface NamedFigures {
  readonly by: string;
  /** A day or an id. */
  readonly about: string;
  readonly name: string;
  readonly figures: FigureRow;
}

const columns = ["by", "about", "name", "currency", ...measureNames, "revenue"];

/** CSV lines of figures; amounts are minor units. With a header it begins with a byte order mark, for Excel. */
export function csvOf(rows: readonly NamedFigures[], currency: string, withHeader: boolean): string {
  const records = rows.map(({ by, about, name, figures }) => [
    by,
    about,
    escapeFormula(name),
    currency,
    ...measureNames.map((measure) => figures[measure]),
    figures.revenue,
  ]);
  return stringify(records, { bom: withHeader, header: withHeader, columns });
}
