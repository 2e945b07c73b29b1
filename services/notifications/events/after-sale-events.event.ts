import type { EventEnvelope } from "../../../mixins/events/envelope.ts";
import type { Tx } from "../../../mixins/database/database.ts";
import type { KindName } from "../domain/kinds.ts";
import { customerRecipient } from "../domain/recipient.ts";
import type { Values } from "../domain/values.ts";
import type { NotificationsDependencies } from "../notifications.dependencies.ts";
import { on } from "../notifications.dependencies.ts";
import { notify } from "../notify.ts";

/** Steps that others take; buyers are not told of their own. */
const kindOfStep = {
  "after-sales.rejected": "after-sale-rejected",
  "after-sales.received": "after-sale-received",
  "after-sales.replaced": "after-sale-replaced",
  "after-sales.closed": "after-sale-closed",
} as const satisfies Readonly<Record<string, KindName>>;

export const afterSaleMoved = on(
  ["after-sales.rejected", "after-sales.received", "after-sales.replaced", "after-sales.closed"],
  (event, tx, dependencies) => tell(kindOfStep[event.name], event, {}, tx, dependencies),
);

export const afterSaleApproved = on("after-sales.approved", (event, tx, dependencies) =>
  tell("after-sale-approved", event, { amount: event.payload.amount }, tx, dependencies),
);

export const afterSaleRefunded = on("after-sales.refunded", (event, tx, dependencies) =>
  tell("after-sale-refunded", event, { amount: event.payload.refund }, tx, dependencies),
);

export const afterSaleMessageAdded = on("after-sales.message-added", async (event, tx, dependencies) => {
  if (event.payload.author !== "buyer") await tell("after-sale-message", event, {}, tx, dependencies);
});

interface AfterSale {
  readonly afterSaleId: string;
  readonly number: string;
  readonly customerId: string;
}

async function tell(
  kind: KindName,
  {
    id: sourceId,
    occurredAt,
    payload,
  }: Pick<EventEnvelope, "id" | "occurredAt"> & { readonly payload: AfterSale },
  values: Values,
  tx: Tx,
  dependencies: NotificationsDependencies,
): Promise<void> {
  const { afterSaleId: subjectId, number, customerId } = payload;
  const news = { sourceId, kind, subjectId, values: { number, ...values }, occurredAt };
  await notify(news, customerRecipient(customerId), tx, dependencies);
}
