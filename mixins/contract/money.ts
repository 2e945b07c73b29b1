import { z } from "zod";

/** Money in integer minor units (pence, cents): `{ amount: 1999, currency: "GBP" }` is £19.99. */
export const money = z
  .strictObject({
    amount: z.int().describe("Integer minor units: 1999 is 19.99"),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .describe("ISO 4217"),
  })
  .meta({ id: "Money" });

export type Money = z.output<typeof money>;

/** Maximum unit price in minor units; keeps every total a safe integer. */
export const maxPriceMinor = 100_000_000;

/** A price set by staff: not negative, in minor units of the shop's currency. */
export const priceMinor = z.int().min(0).max(maxPriceMinor);
