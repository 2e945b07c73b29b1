import type { Result } from "../../mixins/contract/calls.ts";
import type { DatabaseState, OrderRow } from "./books.ts";
import type { OrderOperations } from "./acts-on-orders.ts";
import { operationsByOrder } from "./acts-on-orders.ts";
import type { History, OperationOf } from "./history.ts";

type Place = OperationOf<"orders.place">;

/** Checks that exactly the confirmed orders exist, and at most those with an unknown outcome. */
export function comparePlacing(history: Pick<History, "of">, state: DatabaseState): string[] {
  const orders = new Map(state.orders.map((order) => [order.id, order]));
  const checkouts = Map.groupBy(state.checkouts, ({ key }) => key);
  const wishes = Map.groupBy(history.of("orders.place"), ({ params }) => params.idempotencyKey);
  const faults: string[] = [];
  const claimed = new Set<string>();
  for (const [key, wished] of wishes) {
    const found = (checkouts.get(key) ?? []).filter(({ state }) => state === "placed");
    for (const { orderId } of found) claimed.add(orderId);
    if (found.length > 1) faults.push(`key ${key} made ${found.length} orders`);
    const told = wished.filter(({ outcome }) => outcome === "ok");
    const isUncertain = wished.some(({ outcome }) => outcome === "unknown");
    if (told.length === 0 && !isUncertain && found.length > 0)
      faults.push(
        `key ${key} was refused (${wished.map(({ problem }) => problem).join(", ")}), but made order ${found[0]?.orderId}`,
      );
    for (const wish of told) faults.push(...compareTold(wish, found[0]?.response ?? null, orders, state));
  }
  for (const { id, number } of state.orders)
    if (!claimed.has(id)) faults.push(`order ${number} (${id}) was not requested`);
  return faults;
}

function compareTold(
  wish: Place,
  response: string | null,
  orders: ReadonlyMap<string, OrderRow>,
  state: DatabaseState,
): string[] {
  const told = wish.answer;
  if (!told) return [];
  const name = `#${wish.number} order ${told.number} (${told.id})`;
  const order = orders.get(told.id);
  if (!order) return [`${name} was acknowledged and is not there`];
  const lines = state.lines.filter(({ orderId }) => orderId === told.id);
  return [
    wish.text === response ? "" : `${name} was acknowledged in other words than are kept for its key`,
    order.total === told.total.amount && order.number === told.number && order.customerId === told.customerId
      ? ""
      : `${name} was acknowledged with ${told.total.amount} for ${told.customerId}, and is kept with ${order.total} for ${order.customerId}`,
    told.total.amount === wish.params.total.amount
      ? ""
      : `${name} costs ${told.total.amount}, agreed were ${wish.params.total.amount}`,
    JSON.stringify(lines.map(lineText)) === JSON.stringify(told.lines.map(toldLineText))
      ? ""
      : `${name} has other lines than were acknowledged`,
  ].filter(Boolean);
}

const lineText = ({ variantId, quantity, unitPrice }: DatabaseState["lines"][number]) =>
  `${variantId} ${quantity} ${unitPrice}`;
const toldLineText = ({ variantId, quantity, unitPrice }: Result<"orders.place">["lines"][number]) =>
  `${variantId} ${quantity} ${unitPrice.amount}`;

/** Checks that each operation on an order took effect exactly once. */
export function compareActs(history: Pick<History, "of">, state: DatabaseState): string[] {
  const operations = operationsByOrder(history);
  const steps = Map.groupBy(state.timeline, ({ orderId }) => orderId);
  return state.orders.flatMap((order) => {
    const events = (steps.get(order.id) ?? []).map(({ event }) => event);
    const done = operations.get(order.id);
    return [
      ...compareAct("paid", order, events, done?.pay),
      ...compareAct("cancelled", order, events, done?.cancel),
      ...compareReturns(order, state, done?.sendBack ?? []),
      ...compareOthers(order, state, done),
      ...comparePayments(order, state, done?.pay ?? []),
      ...compareTrail(order, events, state),
    ];
  });
}

function compareAct(
  event: "paid" | "cancelled",
  { number, status }: OrderRow,
  events: readonly string[],
  wishes: OrderOperations["pay"] | OrderOperations["cancel"] = [],
): string[] {
  const times = events.filter((step) => step === event).length;
  const told = wishes.some(({ answer }) => answer !== undefined && isDone(answer));
  const maybe = wishes.some(({ outcome }) => outcome !== "failed");
  return [
    times > 1 ? `order ${number} was ${event} ${times} times` : "",
    told && times === 0
      ? `order ${number}: ${event} was acknowledged and did not happen (it is ${status})`
      : "",
    !maybe && times > 0 ? `order ${number} was ${event} without a request` : "",
  ].filter(Boolean);
}

/** A payment started at a provider has not paid the order yet. */
function isDone(answer: object): boolean {
  return (
    !("orderId" in answer && "provider" in answer) || ("status" in answer && answer.status === "succeeded")
  );
}

function comparePayments(
  { id, number, total }: OrderRow,
  state: DatabaseState,
  wishes: OrderOperations["pay"],
): string[] {
  const found = state.payments.filter(({ orderId }) => orderId === id);
  const told = wishes.flatMap(({ answer }) => answer?.id ?? []);
  const uncertain = wishes.filter(({ outcome }) => outcome !== "ok").length;
  const surplus = found.filter((payment) => !told.includes(payment.id)).length;
  return [
    surplus > uncertain ? `order ${number} has ${surplus} unrequested payments` : "",
    found.some(({ amount }) => amount !== total)
      ? `order ${number} was paid with another amount than ${total}`
      : "",
    told.every((paymentId) => found.some((payment) => payment.id === paymentId))
      ? ""
      : `order ${number} lacks an acknowledged payment`,
  ].filter(Boolean);
}

/** Acknowledged shipments and refunds. */
function compareOthers(
  { number }: OrderRow,
  state: DatabaseState,
  operations: OrderOperations | undefined,
): string[] {
  const lacks = (
    what: string,
    told: readonly { readonly answer: { readonly id: string } | undefined }[],
    there: ReadonlySet<string>,
  ) =>
    told.some(({ answer }) => answer && !there.has(answer.id))
      ? [`order ${number} lacks an acknowledged ${what}`]
      : [];
  return [
    ...lacks("shipment", operations?.ship ?? [], new Set(state.shipments)),
    ...lacks("refund", operations?.giveBack ?? [], new Set(state.refunds.map(({ id }) => id))),
  ];
}

function compareReturns(
  { id, number }: OrderRow,
  state: DatabaseState,
  wishes: OrderOperations["sendBack"],
): string[] {
  const found = state.returns.filter(({ orderId }) => orderId === id);
  const told = new Map(
    wishes.flatMap(({ answer }) => (answer ? [[answer.id, answer.refund.amount] as const] : [])),
  );
  const uncertain = wishes.filter(({ outcome }) => outcome === "unknown").length;
  const surplus = found.filter((row) => !told.has(row.id)).length;
  return [
    [...told].every(([returnId, refund]) => found.some((row) => row.id === returnId && row.refund === refund))
      ? ""
      : `order ${number} lacks an acknowledged return`,
    surplus > uncertain ? `order ${number} has ${surplus} unrequested returns` : "",
  ].filter(Boolean);
}

/** An order can have several concurrent shipments and refunds; `npm run verify` checks those. */
const steps: ReadonlySet<string> = new Set(
  ["placed", "paid", "cancelled", "expired", "returned"].map((step) => `orders.${step}`),
);
const isStep = (type: string) => steps.has(type);

/** Each step of an order is in the audit trail once. */
function compareTrail({ id, number }: OrderRow, events: readonly string[], state: DatabaseState): string[] {
  const audited = state.audited
    .filter(({ orderId, type }) => orderId === id && isStep(type))
    .map(({ type }) => type);
  const expected = events
    .map((event) => `orders.${event}`)
    .filter(isStep)
    .sort()
    .join(", ");
  const found = audited.sort().join(", ");
  return expected === found ? [] : [`order ${number} went through ${expected}; its audit trail has ${found}`];
}
