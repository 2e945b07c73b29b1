import type { Tx } from "../../../mixins/database/database.ts";
import type { EventEnvelope } from "../../../mixins/events/envelope.ts";
import type { KindName } from "../domain/kinds.ts";
import { customerRecipient } from "../domain/recipient.ts";
import type { Values } from "../domain/values.ts";
import { notify } from "../notify.ts";
import type { NotificationsDependencies } from "../notifications.dependencies.ts";
import { on } from "../notifications.dependencies.ts";

/** Further lines of an order are left out of its confirmation, which has the total. */
const maxLines = 50;

type OrderEvent = EventEnvelope<
  "orders.placed" | "orders.paid" | "orders.shipped" | "orders.delivered" | "orders.refunded"
>;

export const orderPlaced = on("orders.placed", async (event, tx, dependencies) => {
  const { number, total, lines } = event.payload;
  const listed = lines
    .filter(({ name }) => name !== undefined)
    .slice(0, maxLines)
    .map(({ name = "", quantity, unitPrice }) => ({
      name,
      quantity,
      ...(unitPrice ? { price: unitPrice } : {}),
    }));
  await tell("order-placed", event, { number, total, lines: listed }, tx, dependencies);
});

export const orderPaid = on("orders.paid", (event, tx, dependencies) => {
  const { number, payment } = event.payload;
  return tell("order-paid", event, { number, amount: payment.amount }, tx, dependencies);
});

export const orderShipped = on("orders.shipped", (event, tx, dependencies) => {
  const { number, carrier, trackingNumber } = event.payload;
  const parcel = { carrier: carrier ?? "", trackingNumber: trackingNumber ?? "" };
  return tell("order-shipped", event, { number, ...parcel }, tx, dependencies);
});

export const orderDelivered = on("orders.delivered", (event, tx, dependencies) =>
  tell("order-delivered", event, { number: event.payload.number }, tx, dependencies),
);

export const orderRefunded = on("orders.refunded", (event, tx, dependencies) => {
  const { number, refund } = event.payload;
  return tell("order-refunded", event, { number, amount: refund.amount }, tx, dependencies);
});

async function tell(
  kind: KindName,
  { id, payload, occurredAt }: OrderEvent,
  values: Values,
  tx: Tx,
  dependencies: NotificationsDependencies,
): Promise<void> {
  const news = { sourceId: id, kind, subjectId: payload.orderId, values, occurredAt };
  await notify(news, customerRecipient(payload.customerId), tx, dependencies);
}
