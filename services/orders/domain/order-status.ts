import { ShopError } from "../../../mixins/contract/errors.ts";
import type { orderStatuses } from "../orders.contract.ts";

export type OrderStatus = (typeof orderStatuses)[number];

/**
 * Steps of a placed order. `pack`, `ship` and `deliver` happen with the last of its goods; `unpack` when some
 * must be packed again; `refund` when all money is refunded while goods stay with the customer; `return` with
 * the last returned goods. Steps of a part of the order keep its status.
 */
export type OrderStep =
  | "pay"
  | "cancel"
  | "expire"
  | "pack"
  | "unpack"
  | "ship"
  | "deliver"
  | "refund"
  | "return";

/** Transition table; missing transitions are illegal. `order.ts` restricts who may make some of them. */
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
 * Status after a step.
 *
 * @throws ShopError `illegal-transition` with the present status as `from`
 */
export function transition(from: OrderStatus, step: OrderStep): OrderStatus {
  const steps: Partial<Record<OrderStep, OrderStatus>> = transitions[from];
  const to = steps[step];
  if (!to) throw illegalTransition(from, `Not possible for an order that is ${from}`);
  return to;
}

/** For steps that the table allows but a rule forbids. */
export function illegalTransition(from: OrderStatus, detail: string): ShopError {
  return new ShopError("illegal-transition", detail, { from });
}
