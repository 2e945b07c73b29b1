import { z } from "zod";
import { id } from "./ids.ts";

/** A moment: RFC 3339 in UTC, e.g. `2026-01-31T08:30:00.000Z`. */
export const timestamp = z.iso.datetime();

/** The contract's form of a moment in milliseconds since 1970. */
export function toTimestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** A line of text for people: no control characters, no blanks around it. */
export function text(maxLength: number) {
  return z
    .string()
    .max(maxLength)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, "must not contain control characters or halves of characters")
    .transform((value) => value.trim())
    .pipe(z.string().min(1));
}

/** Longer text for people, where line breaks are welcome. */
export function longText(maxLength: number) {
  return z.string().max(maxLength).regex(/^[^\p{Cc}\p{Cs}]*(?:[\n\t][^\p{Cc}\p{Cs}]*)*$/u, "must not contain control characters or halves of characters");
}

/** A name in a URL: small letters, digits and hyphens. */
export const slug = z
  .string()
  .min(1)
  .max(120)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "must be small letters and digits, joined by single hyphens");

/** How a thing in a URL is named: its id or its slug. */
export const idOrSlug = z.union([id, slug]);

/** The version that a change is based on, from `If-Match`. */
export const expectedVersion = z.int().min(1).describe("The version that the change is based on");

/** From `Idempotency-Key`. */
export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "must be 1 to 255 visible ASCII characters")
  .describe("New for each intent, the same for each retry of it");

/** Where something goes. */
export const countryCode = z.string().regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 alpha-2 code");

/** A postal address as orders keep it. */
export const address = z
  .strictObject({
    name: text(120),
    line1: text(200),
    line2: text(200).optional(),
    city: text(120),
    region: text(120).optional(),
    postalCode: text(20),
    country: countryCode,
    phone: text(40).optional(),
  })
  .meta({ id: "Address" });

export type Address = z.output<typeof address>;
