import type { EventContract } from "../../../mixins/contract/contract.ts";

/** An event as it happened. */
interface Happened {
  readonly name: string;
  /** Milliseconds since the Unix epoch. */
  readonly occurredAt: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * The body that receivers get, by Standard Webhooks. Has the payload's fields that the contract declares, without
 * the confidential ones: a newer version of a publisher may send more.
 */
export function bodyOf({ name, occurredAt, payload }: Happened, contract: EventContract): string {
  const { confidential = [] } = contract;
  const declared = "shape" in contract.payload ? Object.keys(contract.payload.shape as object) : [];
  const data = Object.fromEntries(
    Object.entries(payload).filter(([field]) => declared.includes(field) && !confidential.includes(field)),
  );
  return JSON.stringify({ type: name, timestamp: new Date(occurredAt).toISOString(), data });
}
