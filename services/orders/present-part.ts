import type { Result } from "../../mixins/contract/calls.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import type { ListedPart } from "./data/part-repository.ts";
import type { GoodsReturn } from "./data/return-repository.ts";
import type { OrderPart, OrderWithLines } from "./domain/order-model.ts";
import type { Shipment } from "./domain/shipment.ts";
import { presentLine, presentPartOfOrder, presentShipment } from "./present.ts";

type Summary = Result<"orders.parts.list">["items"][number];

export function presentPartSummary({ part, orderId, number, currency, placedAt }: ListedPart): Summary {
  return {
    ...presentPartOfOrder(part, currency),
    orderId,
    number,
    placedAt: toTimestamp(placedAt),
  };
}

/** A part as its merchant sees it: nothing of other parts. */
export function presentPart(
  order: OrderWithLines,
  part: OrderPart,
  shipments: readonly Shipment[],
  returns: readonly GoodsReturn[],
): Result<"orders.parts.get"> {
  const { id: orderId, number, currency, placedAt } = order;
  const own = order.lines.filter(({ partId }) => partId === part.id);
  const ids = new Set(own.map(({ id }) => id));
  const isOwn = ({ lineId }: { readonly lineId: string }) => ids.has(lineId);
  return {
    ...presentPartSummary({ part, orderId, number, currency, placedAt }),
    lines: own.map((line) => presentLine(line, currency)),
    shippingAddress: order.shippingAddress,
    note: order.note,
    shipments: shipments
      .map((shipment) => ({ ...shipment, lines: shipment.lines.filter(isOwn) }))
      .filter(({ lines }) => lines.length > 0)
      .map(presentShipment),
    returns: returns
      .map((taken) => ({ ...taken, lines: taken.lines.filter(isOwn) }))
      .filter(({ lines }) => lines.length > 0)
      .map(({ id, lines, disposition, reason, returnedAt }) => ({
        id,
        lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
        restocked: disposition === "restocked",
        reason,
        at: toTimestamp(returnedAt),
      })),
  };
}
