import type { AttributeDefinition } from "./attribute.ts";
import { listFromCell, listToCell } from "./csv-cell.ts";
import type { AttributeValue } from "./product.ts";

/** Writes an attribute's value in a CSV cell; formulas are still to be escaped. */
export function attributeToCell(value: AttributeValue): string {
  return typeof value === "object" ? listToCell(value) : String(value);
}

/** Inverse of `attributeToCell`. A cell that cannot be of this kind stays a text, which validation reports. */
export function attributeFromCell(cell: string, kind: AttributeDefinition["kind"]): AttributeValue {
  const trimmed = cell.trim();
  switch (kind) {
    case "number":
      return /^-?\d{1,15}(?:\.\d{1,15})?(?:e[+-]?\d{1,3})?$/i.test(trimmed) ? Number(trimmed) : cell;
    case "boolean":
      return booleans.get(trimmed.toLowerCase()) ?? cell;
    case "multiple-choice":
      return listFromCell(cell);
    case "text":
    case "choice":
    case "date":
      return trimmed;
    default:
      return kind satisfies never;
  }
}

/** As spreadsheets write them. */
const booleans: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
  ["yes", true],
  ["no", false],
  ["1", true],
  ["0", false],
]);
