import { ownerFilter } from "../../../mixins/contract/caller.ts";
import { readOrderNumber } from "../domain/order-number.ts";
import { action } from "../orders.dependencies.ts";
import { presentSummary } from "../present.ts";

export const listOrders = action("orders.list", async ({ params, caller, fail }, { orders }) => {
  const { status, number, placedFrom, placedBefore, unshipped, limit, cursor, sort, count, ...same } = params;
  const owner = ownerFilter(caller, "orders:read");
  if (same.state !== undefined && (owner ?? same.customerId) === undefined) {
    const message = "is for the orders of one customer: give customerId too";
    throw fail("validation-failed", undefined, {
      errors: [{ path: "state", code: "invalid-value", message }],
    });
  }
  const filter = {
    ...same,
    owner,
    statuses: status?.split(",").filter((name, index, names) => names.indexOf(name) === index),
    unshipped: unshipped ?? false,
    number: number === undefined ? undefined : readOrderNumber(number),
    placedFrom: milliseconds(placedFrom),
    placedBefore: milliseconds(placedBefore),
  };
  const page = await orders.list(filter, { limit, cursor, sort, count });
  return { ...page, items: page.items.map(presentSummary) };
});

function milliseconds(timestamp: string | undefined): number | undefined {
  return timestamp === undefined ? undefined : Date.parse(timestamp);
}
