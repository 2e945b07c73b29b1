import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { readOrderNumber } from "../domain/order-number.ts";
import { action } from "../orders.dependencies.ts";
import { presentPartSummary } from "../present-part.ts";

export const listParts = action("orders.parts.list", async ({ params, caller }, { parts }) => {
  const { status, number, merchantId, placedFrom, placedBefore, ...request } = params;
  const filter = {
    merchants: merchantFilter(caller, "orders:read", merchantId),
    status,
    number: number === undefined ? undefined : readOrderNumber(number),
    placedFrom: placedFrom === undefined ? undefined : Date.parse(placedFrom),
    placedBefore: placedBefore === undefined ? undefined : Date.parse(placedBefore),
  };
  const page = await parts.list(filter, request);
  return { ...page, items: page.items.map(presentPartSummary) };
});
