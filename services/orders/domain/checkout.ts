/**
 * A customer's attempt to place an order under one idempotency key.
 * - `open`: in progress, or interrupted
 * - `placed`: the order exists; `response` is the stored response
 * - `abandoned`: its order is ruled out, as a holder of stock for it was told
 */
export interface Checkout {
  /** Id of its order, if it is placed. */
  readonly orderId: string;
  readonly customerId: string;
  /** Rate-limit key of the client's address; null where it does not count. */
  readonly client: string | null;
  readonly idempotencyKey: string;
  /** Of the request; see `fingerprintOf`. */
  readonly fingerprint: string;
  readonly state: "open" | "placed" | "abandoned";
  /** End of the claim (ms); from then on the same request may take over. */
  readonly claimUntil: number;
  /** Time of the last claim (ms). */
  readonly claimedAt: number;
  /** The response as JSON, to be repeated byte by byte. */
  readonly response: string | null;
}

/** State of a reused key as a request finds it. */
export type KeyState = "mismatch" | "replay" | "in-flight" | "take-over" | "start-over";

/**
 * Decides about a request with a used key. Taking over keeps the order's id, under which stock may be
 * reserved; starting over needs a new one, since the old one is ruled out.
 *
 * @param ownerDied true when the holder is known to be gone before its claim expires
 */
export function keyStateOf(known: Checkout, fingerprint: string, now: number, ownerDied = false): KeyState {
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
