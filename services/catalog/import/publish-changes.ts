import type { Tx } from "../../../mixins/database/database.ts";
import { difference } from "../../contract/changes.ts";
import type { Change, ImportPlan } from "../domain/import-plan.ts";
import { emptyLevels } from "../domain/stock-account.ts";
import { productSnapshot, variantSnapshot } from "../present.ts";

/** Tells of everything that an import has changed as if staff had done it one by one. */
export function publishChanges({ products, variants, received }: ImportPlan, tx: Tx): void {
  for (const change of products) publishChange("product", change, productSnapshot, tx);
  for (const change of variants) publishChange("variant", change, variantSnapshot, tx);
  for (const [variantId, quantity] of received)
    tx.publish("catalog.stock-changed", {
      variantId,
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
): void {
  const { id } = after;
  if (!before) {
    tx.publish("catalog.changed", { entity, id, change: "created", before: null, after: snapshot(after) });
    return;
  }
  const differing = difference(snapshot(before) ?? {}, snapshot(after) ?? {});
  if (differing) tx.publish("catalog.changed", { entity, id, change: "updated", ...differing });
}
