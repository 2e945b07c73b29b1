import type { Result } from "../../../mixins/contract/calls.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import type { AfterSaleKind, AfterSaleReason, AfterSaleWithLines, Goods } from "./after-sale-model.ts";
import type { Deadlines } from "./deadlines.ts";
import { dueAt, never } from "./deadlines.ts";

type OrderGoods = Result<"orders.after-sales.goods">;
type OrderLine = OrderGoods["lines"][number];

/** What a buyer asks for. */
export interface AfterSaleRequest {
  readonly kind: AfterSaleKind;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
  readonly reason: AfterSaleReason;
  readonly text: string | null;
  /** For kept goods, in minor units; null: their whole worth. */
  readonly amount: { readonly amount: number; readonly currency: string } | null;
}

/** Statuses of orders that were paid, and whose money and goods are not all back. */
const serviced: ReadonlySet<string> = new Set(["paid", "packed", "shipped", "delivered"]);

/**
 * Decides a request by the state of the order's goods. How much of them other requests claim is decided by the
 * database (`ClaimRepository`).
 *
 * @param order with the requested lines, in the request's order
 * @throws ShopError `illegal-transition` with the order's status, or after the time for requests;
 *   `validation-failed`; `limit-reached` with the line and its quantity as `limit`
 */
export function openAfterSale(
  id: string,
  customerId: string,
  request: AfterSaleRequest,
  order: OrderGoods,
  now: number,
  terms: Deadlines,
): AfterSaleWithLines {
  const [first] = order.lines;
  if (!first || order.lines.some(({ merchantId }) => merchantId !== first.merchantId))
    throw invalid("lines", "several-merchants", "must be of one merchant");
  const { status } = first;
  const refuse = (detail: string) => new ShopError("illegal-transition", detail, { from: status });
  if (!serviced.has(status)) throw refuse(`Not possible for goods of an order that is ${status}`);
  if (first.arrivedAt !== null && Date.parse(first.arrivedAt) + terms.requestMs < now)
    throw refuse("The time for after-sale service is over");
  if (new Set(request.lines.map(({ lineId }) => lineId)).size < request.lines.length)
    throw invalid("lines", "duplicate", "must name each line once");

  const wanted = order.lines.map((line, index) => ({
    line,
    quantity: request.lines[index]?.quantity ?? 0,
  }));
  const goods = goodsOf(request.kind, wanted);
  const worth = order.lines.reduce((sum, line) => sum + line.worth.amount, 0);
  const kind = request.kind;
  const remedy = kind === "exchange" ? "replacement" : "refund";
  const opened: Omit<AfterSaleWithLines, "dueAt"> = {
    id,
    orderId: order.orderId,
    orderNumber: order.number,
    customerId,
    merchantId: first.merchantId,
    partId: first.partId,
    kind,
    goods,
    remedy,
    reason: request.reason,
    text: request.text,
    status: "requested",
    amount: amountOf(request, goods, worth, order.currency),
    currency: order.currency,
    refund: null,
    restock: null,
    returnCarrier: null,
    returnTracking: null,
    sentBackAt: null,
    replacementId: null,
    replacementCarrier: null,
    replacementTracking: null,
    images: [],
    refundAt: never,
    holdAt: now,
    version: 1,
    createdAt: now,
    updatedAt: now,
    lines: wanted.map(({ line, quantity }) => ({
      lineId: line.lineId,
      variantId: line.variantId,
      productId: line.productId,
      sku: line.sku,
      name: line.name,
      quantity,
      worth: line.worth.amount,
    })),
  };
  return { ...opened, dueAt: dueAt(opened, now, terms) };
}

/** Whether goods that were not sent when the request was made have been packed or sent since. */
export function wereSentMeanwhile(
  goods: Goods,
  lines: AfterSaleWithLines["lines"],
  order: OrderGoods,
): boolean {
  return (
    goods === "unshipped" &&
    lines.some(({ lineId, quantity }) => {
      const line = order.lines.find((one) => one.lineId === lineId);
      return !line || line.unpacked < quantity;
    })
  );
}

/** @throws ShopError `limit-reached` */
function goodsOf(
  kind: AfterSaleKind,
  wanted: readonly { readonly line: OrderLine; readonly quantity: number }[],
): Goods {
  const unsent = (line: OrderLine) => line.bought - line.returned - line.kept;
  const isUnsent = wanted.every(({ line, quantity }) => unsent(line) >= quantity);
  if (kind === "refund-only" && isUnsent) return "unshipped";
  for (const { line, quantity } of wanted)
    if (quantity > line.kept)
      throw new ShopError("limit-reached", `Of this line ${line.kept} were sent and not returned`, {
        lineId: line.lineId,
        limit: line.kept,
      });
  return kind === "refund-only" ? "kept" : "returned";
}

/** @throws ShopError `validation-failed` */
function amountOf({ kind, amount }: AfterSaleRequest, goods: Goods, worth: number, currency: string): number {
  if (kind === "exchange") {
    if (amount) throw invalid("amount", "no-refund", "must be absent: nothing is refunded");
    return worth;
  }
  if (!amount) return worth;
  if (goods !== "kept")
    throw invalid("amount", "whole-worth", "must be absent: what was paid for the goods is refunded");
  if (amount.currency !== currency || amount.amount < 1 || amount.amount > worth)
    throw invalid("amount", "invalid-amount", `must be 1 to ${worth} in ${currency}`);
  return amount.amount;
}

function invalid(path: string, code: string, message: string): ShopError {
  return new ShopError("validation-failed", undefined, { errors: [{ path, code, message }] });
}
