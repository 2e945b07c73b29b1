import { ShopError } from "../../contract/errors.ts";
import type { orderStatuses } from "../orders.contract.ts";

export type OrderStatus = (typeof orderStatuses)[number];

/**
 * What can happen to an order after it was placed. `pack`, `ship` and `deliver` are that the last of its goods was packed,
 * left and arrived; `unpack` that some of them are to be packed again; `refund` that all that was paid was given back
 * although goods stay with the customer; `return` that the last of its goods came back. What concerns a part of the order
 * only leaves its status as it is.
 */
export type OrderStep = "pay" | "cancel" | "expire" | "pack" | "unpack" | "ship" | "deliver" | "refund" | "return";

/** Which step leads from which status to which; what is not here is not allowed. */
export const transitions = {
  placed: { pay: "paid", cancel: "cancelled", expire: "expired" },
  paid: { pack: "packed", ship: "shipped", cancel: "cancelled", refund: "refunded", return: "returned" },
  packed: { unpack: "paid", ship: "shipped", cancel: "cancelled", refund: "refunded", return: "returned" },
  shipped: { deliver: "delivered", refund: "refunded", return: "returned" },
  delivered: { refund: "refunded", return: "returned" },
  refunded: { return: "returned" },
  cancelled: {},
  expired: {},
  returned: {},
} as const satisfies Record<OrderStatus, Partial<Record<OrderStep, OrderStatus>>>;

/**
 * The status after a step.
 *
 * @throws ShopError `illegal-transition` with the status that does not allow it as `from`
 */
export function transition(from: OrderStatus, step: OrderStep): OrderStatus {
  const steps: Partial<Record<OrderStep, OrderStatus>> = transitions[from];
  const to = steps[step];
  if (!to) throw illegalTransition(from, `An order that is ${from} does not allow this`);
  return to;
}

/** For steps that the table allows in principle and a rule forbids here. */
export function illegalTransition(from: OrderStatus, detail: string): ShopError {
  return new ShopError("illegal-transition", detail, { from });
}
