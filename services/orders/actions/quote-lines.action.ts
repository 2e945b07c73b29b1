import { priceLines } from "../domain/pricing.ts";
import { action } from "../orders.dependencies.ts";
import { presentTotals } from "../present.ts";

/** The same function prices the order itself, so a quote is right unless something changes. */
export const quoteLines = action("orders.price", async ({ params }, { pricing }) =>
  presentTotals(priceLines(params.lines, pricing)),
);
