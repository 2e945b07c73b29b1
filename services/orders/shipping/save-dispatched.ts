import type { Tx } from "../../../mixins/database/database.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import type { OrderWithLines } from "../domain/order-model.ts";
import type { ShipmentChange, Shipment } from "../domain/shipment.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";

interface Step {
  readonly event: "packed" | "unpacked" | "shipped" | "delivered";
  readonly actor: string;
  readonly reason: string | undefined;
}

/**
 * Saves an order's change by a shipment with its timeline entry and event. The caller saves the shipment.
 *
 * @throws ShopError `illegal-transition` on a concurrent change
 */
export async function saveDispatched(
  { order, shipment, moves }: ShipmentChange,
  { event, actor, reason }: Step,
  tx: Tx,
  { orders, shipments, timeline }: OrdersDependencies,
): Promise<void> {
  let saved = await orders.update(order, tx);
  for (const move of moves) saved &&= await shipments.move(order.id, move, tx);
  if (!saved)
    throw new ShopError("illegal-transition", "The order was changed concurrently", { from: order.status });
  await timeline.add(order, { event, actor, reason: reason ?? parcelText(shipment) }, tx);
  const payload = shipmentPayload(order, shipment);
  if (event === "unpacked") tx.publish("orders.unpacked", payload);
  else tx.publish(`orders.${event}`, { ...payload, complete: order.status === event });
}

/** Payload shared by all shipment events. */
export function shipmentPayload(order: OrderWithLines, { id, carrier, trackingNumber, lines }: Shipment) {
  const variantOf = new Map(order.lines.map((line) => [line.id, line.variantId]));
  return {
    orderId: order.id,
    number: order.number,
    customerId: order.customerId,
    shipmentId: id,
    carrier,
    trackingNumber,
    lines: lines.map(({ lineId, quantity }) => ({ variantId: variantOf.get(lineId) ?? "", quantity })),
  };
}

/** For the timeline: `DHL 00340434`. */
function parcelText({ carrier, trackingNumber }: Shipment): string | null {
  return [carrier, trackingNumber].filter((part) => part !== null).join(" ") || null;
}
