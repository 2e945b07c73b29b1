import { z } from "zod";
import { countryCodes } from "../../config/country-codes.ts";
import { id } from "./ids.ts";
import { isVisible, trimmed } from "./visible-text.ts";

/** Timestamp: RFC 3339 in UTC, e.g. `2026-01-31T08:30:00.000Z`. */
export const timestamp = z.iso.datetime();

/** Formats milliseconds since 1970 as a `timestamp`. */
export function toTimestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** Rejects invisible and direction-changing characters; see `isVisible`. */
const visible = z.refine<string>(
  isVisible,
  "must not contain invisible characters or marks that change the direction of text",
);

/** A single line: no control or invisible characters, surrounding blanks trimmed. */
export function text(maxLength: number) {
  return z
    .string()
    .max(maxLength)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, "must not contain control characters or halves of characters")
    .transform(trimmed)
    .pipe(z.string().min(1).check(visible));
}

/** Multi-line text. */
export function longText(maxLength: number) {
  return z
    .string()
    .max(maxLength)
    .regex(
      /^[^\p{Cc}\p{Cs}]*(?:[\n\t][^\p{Cc}\p{Cs}]*)*$/u,
      "must not contain control characters or halves of characters",
    )
    .check(visible);
}

/** An e-mail address, in lower case. */
export const email = z
  .email()
  .max(254)
  .transform((value) => value.toLowerCase())
  .describe("Case-insensitive");

/** A name in a URL: lower-case letters, digits and hyphens. */
export const slug = z
  .string()
  .min(1)
  .max(120)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "must be small letters and digits, joined by single hyphens");

/** A resource in a URL, by id or slug. */
export const idOrSlug = z.union([id, slug]);

/** Version for optimistic locking, from `If-Match`. */
export const expectedVersion = z.int().min(1).describe("The version that the change is based on");

/** The `Idempotency-Key` header. */
export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "must be 1 to 255 visible ASCII characters")
  .describe("New for each intent, the same for each retry of it");

/** ISO 3166-1 alpha-2 code. */
export const countryCode = z.enum(
  countryCodes as [string, ...string[]],
  "must be an ISO 3166-1 alpha-2 code",
);

/** ISO 3166-2 code of a country's subdivision. */
export const subdivisionCode = z
  .string()
  .regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/, "must be an ISO 3166-2 code, such as CN-GD")
  .describe("ISO 3166-2 code of the province or state, such as `CN-GD`");

/** GB/T 2260 code of a Chinese province, city or district. */
export const divisionCode = z
  .string()
  .regex(/^[1-9]\d{5}$/, "must be a GB/T 2260 code, such as 440305")
  .describe(
    "In China, the GB/T 2260 code of the district, city or province; a district's code `440305` contains those of its city, `440300`, and province, `440000`",
  );

/** A postal address. */
export const address = z
  .strictObject({
    name: text(120),
    line1: text(200),
    line2: text(200).optional(),
    city: text(120),
    region: text(120).optional(),
    postalCode: text(20),
    country: countryCode,
    subdivision: subdivisionCode.optional(),
    divisionCode: divisionCode.optional(),
    phone: text(40).optional(),
  })
  .meta({ id: "Address" });

export type Address = z.output<typeof address>;
