import { ownerFilter } from "../../contract/caller.ts";
import { readOrderNumber } from "../domain/order-number.ts";
import { action } from "../orders.dependencies.ts";
import { presentSummary } from "../present.ts";

export const listOrders = action("orders.list", async ({ params, caller }, { orders }) => {
  const { status, number, customerId, placedFrom, placedBefore, ...request } = params;
  const filter = {
    owner: ownerFilter(caller, "orders:read"),
    customerId,
    status,
    number: number === undefined ? undefined : readOrderNumber(number),
    placedFrom: milliseconds(placedFrom),
    placedBefore: milliseconds(placedBefore),
  };
  const page = await orders.list(filter, request);
  return { ...page, items: page.items.map(presentSummary) };
});

function milliseconds(timestamp: string | undefined): number | undefined {
  return timestamp === undefined ? undefined : Date.parse(timestamp);
}
