/**
 * A customer's attempt to place an order under one idempotency key.
 *
 * - `open`: someone works on it, or did when they were cut off
 * - `placed`: the order exists; `response` is what was answered
 * - `abandoned`: someone who held stock for it was told that its order will never exist
 */
export interface Checkout {
  /** Its order's id, should it come to one. */
  readonly orderId: string;
  readonly customerId: string;
  readonly idempotencyKey: string;
  /** Of the request; see `fingerprintOf`. */
  readonly fingerprint: string;
  readonly state: "open" | "placed" | "abandoned";
  /** Until then (ms) it belongs to whoever works on it; then anyone with the same request may take it over. */
  readonly claimUntil: number;
  /** When it was claimed last (ms). */
  readonly claimedAt: number;
  /** The answer as JSON, to be repeated byte by byte. */
  readonly response: string | null;
}

/** What a request finds that comes with a key that was used before. */
export type KnownKey = "mismatch" | "replay" | "in-flight" | "take-over" | "start-over";

/**
 * What to do about a request with a key that was used before. Taking over keeps the order's id, because stock may be
 * reserved under it; starting over needs a new one, because the old one was given up for good.
 *
 * @param ownerDied whether it is known that nobody works on it any more, though its claim has not run out
 */
export function judgeKnownKey(known: Checkout, fingerprint: string, now: number, ownerDied = false): KnownKey {
  if (known.fingerprint !== fingerprint) return "mismatch";
  switch (known.state) {
    case "placed":
      return "replay";
    case "abandoned":
      return "start-over";
    case "open":
      return now < known.claimUntil && !ownerDied ? "in-flight" : "take-over";
  }
}
