import type { Tx } from "../../../mixins/database/database.ts";
import { job } from "../webhooks.dependencies.ts";

const batch = 500;
const intervalMs = 600_000;
/** Consumers that read a webhook before its removal have committed by then. */
const removalGraceMs = 3_600_000;

/** Removes deliveries and events of a certain age, and removed webhooks with all that is theirs. */
export const removeOldDeliveries = job({
  name: "remove-old-deliveries",
  once: "node",
  every: () => intervalMs,
  async run({ now, transaction }, { endpoints, purge, retentionMs }) {
    const untilNone = async (remove: (tx: Tx) => Promise<number>) => {
      while ((await transaction(remove)) > 0);
    };
    const before = now - retentionMs;
    await untilNone((tx) => purge.oldDeliveries(before, batch, tx));
    for (const { id, removedAt } of await endpoints.removed()) {
      await untilNone((tx) => purge.deliveriesOf(id, batch, tx));
      if (removedAt < now - removalGraceMs) await transaction((tx) => endpoints.purge(id, tx));
    }
    await untilNone((tx) => purge.oldEvents(before, batch, tx));
  },
});
