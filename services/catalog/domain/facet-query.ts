import type { AttributeKind } from "./attribute.ts";
import { isDay } from "./attribute-values.ts";
import { facetValue } from "./facet-rows.ts";

/** What products are filtered by: any of the values of a facet, or a range of them, both ends included. */
export type FacetFilter =
  | { readonly facet: string; readonly values: readonly string[] }
  | {
      readonly facet: string;
      /** Numbers are compared as such, days as text. */
      readonly column: "number" | "value";
      readonly from: number | string | undefined;
      readonly to: number | string | undefined;
    };

/** Of one facet. */
export const maxValues = 50;

/**
 * Reads the filter of an attribute as a query writes it: `red,blue` is either of both, `10..20`, `10..` and
 * `..20` are ranges of numbers or days, a comma within a text is written `\,`.
 *
 * @returns what is wrong with it instead, as a sentence's end
 */
export function readFilter(facet: string, kind: AttributeKind, text: string): FacetFilter | string {
  if (kind === "number" || kind === "date") {
    const ends = readEnds(text, kind === "number" ? readNumber : readDay);
    if (!ends) return kind === "number" ? "must be a number or a range" : "must be a day or a range of days";
    return { facet, column: kind === "number" ? "number" : "value", ...ends };
  }
  const values = readValues(text);
  if (values.length === 0) return "must not be empty";
  return values.length > maxValues ? `must have at most ${maxValues} values` : { facet, values };
}

type End = number | string | undefined;

/** @returns undefined for what is no range; a single value is both of its ends */
function readEnds(range: string, read: (end: string) => End): { from: End; to: End } | undefined {
  const [first = "", last = first, ...rest] = range.split("..");
  const [from, to] = [read(first), read(last)];
  const isRead = (end: string, value: End) => end === "" || value !== undefined;
  const isRange = rest.length === 0 && (first !== "" || last !== "");
  return isRange && isRead(first, from) && isRead(last, to) ? { from, to } : undefined;
}

/** The values of a comma-separated list, each once, as facets store them. */
export function readValues(text: string): string[] {
  const parts = text.match(/(?:\\.|[^\\,])+/gsu) ?? [];
  const values = parts.map((part) => facetValue(part.replaceAll(/\\(.)/gsu, "$1").trim()));
  return [...new Set(values.filter((value) => value !== ""))];
}

function readNumber(text: string): number | undefined {
  return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : undefined;
}

function readDay(text: string): string | undefined {
  return isDay(text) ? text : undefined;
}
