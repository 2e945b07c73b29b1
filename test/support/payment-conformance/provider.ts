/** Requests of the shop to a provider. */
export type Operation = "start" | "query" | "close" | "refund";

/** A webhook as it is sent. */
export interface SignedNotice {
  readonly body: string;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type NoticeKind = "paid" | "failed";

export interface NoticeChange {
  /** Received instead of what was asked for. */
  readonly amount?: number;
  readonly currency?: string;
  /** The shop's id of another payment. */
  readonly paymentId?: string;
  /** Signed with a key that is not the provider's. */
  readonly isForged?: boolean;
  /** Signed so long ago (ms). */
  readonly ageMs?: number;
}

/** A payment as the provider has it. */
export interface PaymentThere {
  readonly status: "open" | "paid" | "closed";
  readonly amount: number;
  /** Given back, in minor units. */
  readonly refunded: number;
  /** Number of refunds that were given. */
  readonly refunds: number;
}

/** A stand-in of a provider, with which the conformance table is run. */
export interface ConformingProvider {
  readonly name: string;
  readonly currency: string;
  /** What its wire format cannot say, so that the case is left out. */
  readonly lacks: ReadonlySet<"failures" | "currency" | "stale" | "processing" | "pending refunds">;
  /** Settings of a shop that uses it; known once it is started. */
  readonly env: Readonly<Record<string, string>>;
  /** Its base URL, which a shop reaches through a proxy. */
  readonly url: string;
  /** The settings with its URL. */
  readonly urlSettings: readonly string[];
  /** Further params of the request that starts a payment. */
  readonly startParams?: Readonly<Record<string, string>>;
  start(): Promise<void>;
  stop(): Promise<void>;
  operationOf(method: string, path: string, body: string): Operation | undefined;
  /** The customer opens the link of a payment that was started. */
  visit?(paymentId: string): void;
  /** All payments under the shop's id: more than one is a double start. */
  payments(paymentId: string): PaymentThere[];
  /**
   * The customer pays; no notice is sent.
   *
   * @param isLate succeeds although it was closed, as a bank's transfer does
   * @returns false when it is closed
   */
  pay(paymentId: string, isLate?: boolean): boolean;
  /** The customer's attempt fails; no notice is sent. */
  decline(paymentId: string): void;
  /** The customer's bank is at work on it. */
  process(paymentId: string): void;
  notice(paymentId: string, kind: NoticeKind, change?: NoticeChange): SignedNotice;
  /** Signed, and not as the provider writes notices. */
  unreadableNotice(): SignedNotice;
  /** Result of the next refund. */
  nextRefund(result: "pending" | "failed"): void;
  /** Pending refunds succeed. */
  finishRefunds(): void;
}
