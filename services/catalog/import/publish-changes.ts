import type { Tx } from "../../../mixins/database/database.ts";
import { difference } from "../../../mixins/contract/changes.ts";
import type { Change, ImportPlan } from "../domain/import-plan.ts";
import { emptyLevels } from "../domain/stock-account.ts";
import type { EventPayload } from "../../../mixins/contract/calls.ts";
import { productSnapshot, publishedBy, variantSnapshot } from "../present.ts";

/** Publishes the events of an import's changes, as for single edits by staff. */
export function publishChanges({ products, variants, received }: ImportPlan, tx: Tx): void {
  for (const change of products)
    publishChange("product", change, productSnapshot, tx, publishedBy(change.before, change.after));
  for (const change of variants)
    publishChange("variant", change, variantSnapshot, tx, { productId: change.after.productId });
  const productOf = new Map(variants.map(({ after }) => [after.id, after.productId]));
  for (const [variantId, quantity] of received)
    tx.publish("catalog.stock-changed", {
      variantId,
      productId: productOf.get(variantId),
      kind: "receive",
      quantity,
      reason: "import",
      before: { variantId, ...emptyLevels },
      after: { variantId, ...emptyLevels, onHand: quantity, received: quantity },
    });
}

function publishChange<T extends { readonly id: string }>(
  entity: "product" | "variant",
  { before, after }: Change<T>,
  snapshot: (state: T) => Record<string, unknown> | null,
  tx: Tx,
  more: Pick<EventPayload<"catalog.changed">, "publishedBy" | "productId"> = {},
): void {
  const { id } = after;
  if (!before) {
    tx.publish("catalog.changed", {
      entity,
      id,
      change: "created",
      before: null,
      after: snapshot(after),
      ...more,
    });
    return;
  }
  const differing = difference(snapshot(before) ?? {}, snapshot(after) ?? {});
  if (differing) tx.publish("catalog.changed", { entity, id, change: "updated", ...differing, ...more });
}
