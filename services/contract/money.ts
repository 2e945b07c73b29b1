import { z } from "zod";

/** An amount of money in integer minor units (pence, cents): `{ amount: 1999, currency: "GBP" }` is £19.99. */
export const money = z
  .strictObject({
    amount: z.int().describe("Integer minor units: 1999 is 19.99"),
    currency: z.string().regex(/^[A-Z]{3}$/).describe("ISO 4217"),
  })
  .meta({ id: "Money" });

export type Money = z.output<typeof money>;

/** The largest price of a single unit, in minor units; keeps every total far below what a number holds exactly. */
export const maxPriceMinor = 100_000_000;

/** A price that staff may set: not negative, in minor units of the shop's currency. */
export const priceMinor = z.int().min(0).max(maxPriceMinor);
