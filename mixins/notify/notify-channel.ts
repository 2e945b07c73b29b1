/** A message to a phone. */
export interface OutgoingMessage {
  /** The same for every attempt, so that the recipient's side can deduplicate. */
  readonly id: string;
  /** E.164. */
  readonly to: string;
  /** What it says, for gateways that know their texts by templates. */
  readonly kind: string;
  /** Values for such a template. */
  readonly params: Readonly<Record<string, string>>;
  /** The recipient's language, as BCP 47 tag. */
  readonly locale: string;
  readonly text: string;
}

/** Delivers messages to phones. */
export interface NotifyChannel {
  /**
   * Resolves when the message is accepted for delivery.
   *
   * @throws UndeliverableMessageError when no retry can succeed; other errors are retryable
   */
  send(message: OutgoingMessage): Promise<void>;
}

/** The message was rejected permanently. */
export class UndeliverableMessageError extends Error {
  override name = "UndeliverableMessageError";
}
