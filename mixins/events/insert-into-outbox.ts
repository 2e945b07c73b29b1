import type { SqlValue, Tx } from "../database/types.ts";
import type { EventEnvelope } from "./envelope.ts";

interface Writer {
  execute(sql: string, values: readonly SqlValue[], tx: Tx): Promise<unknown>;
}

/** Adds events to the outbox within the transaction that causes them. */
export async function insertIntoOutbox(
  database: Writer,
  envelopes: readonly EventEnvelope[],
  tx: Tx,
): Promise<void> {
  // Due at once, independent of clocks.
  const rows = envelopes.map(() => "(?, ?, 'waiting', 0, 0)").join(", ");
  const values = envelopes.flatMap((envelope) => [envelope.id, JSON.stringify(envelope)]);
  await database.execute(
    `INSERT INTO outbox (id, envelope, status, attempts, due_at) VALUES ${rows}`,
    values,
    tx,
  );
}
