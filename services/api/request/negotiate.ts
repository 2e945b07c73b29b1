import { ShopError } from "../../../mixins/contract/errors.ts";

interface Range {
  readonly type: string;
  readonly subtype: string;
  /** From 0 (not acceptable) to 1. */
  readonly quality: number;
  /** Index in the header. */
  readonly position: number;
}

const rangeSyntax = /^\s*([\w!#$&^+.-]+|\*)\/([\w!#$&^+.-]+|\*)\s*((?:;[^;]*)*)$/;
const qualitySyntax = /^\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*$/i;

/**
 * Content negotiation (RFC 9110, 12.5.1). Ties: named types before wildcards, then header order, then the
 * shop's order.
 *
 * @param accept the `Accept` header; without one, any type is acceptable
 * @param available media types in the shop's order of preference
 * @throws ShopError `not-acceptable` with the `available` types
 */
export function negotiate(accept: string | undefined, available: readonly [string, ...string[]]): string {
  if (accept === undefined || accept.trim() === "") return available[0];
  const ranges = accept
    .split(",")
    .map(readRange)
    .filter((range) => range !== undefined);
  const wanted = available
    .map((mediaType) => ({ mediaType, range: rangeFor(mediaType, ranges) }))
    .filter(({ range }) => range !== undefined && range.quality > 0)
    .toSorted(({ range: one }, { range: other }) => (one && other ? byPreference(one, other) : 0));
  const [best] = wanted;
  if (!best) throw new ShopError("not-acceptable", `Available as ${available.join(" or ")}`, { available });
  return best.mediaType;
}

/** Media type parameters other than `q` are ignored; no representation differs by them. */
function readRange(text: string, position: number): Range | undefined {
  const [, type, subtype, parameters = ""] = rangeSyntax.exec(text) ?? [];
  if (type === undefined || subtype === undefined || (type === "*" && subtype !== "*")) return undefined;
  const quality = parameters
    .split(";")
    .map((parameter) => qualitySyntax.exec(parameter)?.[1])
    .find((found) => found);
  return {
    type: type.toLowerCase(),
    subtype: subtype.toLowerCase(),
    quality: Number(quality ?? 1),
    position,
  };
}

/** The most specific matching range decides. */
function rangeFor(mediaType: string, ranges: readonly Range[]): Range | undefined {
  const [type, subtype] = mediaType.split("/");
  return ranges
    .filter(
      (range) =>
        (range.type === type || range.type === "*") && (range.subtype === subtype || range.subtype === "*"),
    )
    .toSorted((one, other) => specificity(other) - specificity(one))[0];
}

function byPreference(one: Range, other: Range): number {
  return (
    other.quality - one.quality || specificity(other) - specificity(one) || one.position - other.position
  );
}

function specificity({ type, subtype }: Range): number {
  return Number(type !== "*") + Number(subtype !== "*");
}
