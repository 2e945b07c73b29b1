import type { LockForEvents } from "../../../mixins/events/consumer.ts";
import type { EventEnvelope } from "../../../mixins/events/envelope.ts";
import type { SettlementsDependencies } from "../settlements.dependencies.ts";

/** Lock order: all merchants of a batch by id, before their sales. */
export const lockForEvents: LockForEvents<SettlementsDependencies> = async (events, tx, { ledger }) => {
  await ledger.lock(events.flatMap(merchantsOf), tx);
};

/** Those of an order's parts, or the one that the event is about. */
function merchantsOf({ payload }: EventEnvelope): string[] {
  const named = "parts" in payload && Array.isArray(payload.parts) ? payload.parts : [payload];
  return named.flatMap(({ merchantId }) => merchantId ?? []);
}
