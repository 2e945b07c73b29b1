/** An e-mail to send. */
export interface OutgoingMail {
  /** The same for every attempt, so that mailboxes can deduplicate. */
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same as HTML, for programs that show it. */
  readonly html?: string | undefined;
  /** One-click address to receive no more of such mail (RFC 8058). */
  readonly unsubscribeUrl?: string | undefined;
}

/** Delivers e-mails. */
export interface MailTransport {
  /**
   * Resolves when the server has accepted the e-mail.
   *
   * @throws UndeliverableError when no retry can succeed; other errors are retryable
   */
  send(mail: OutgoingMail): Promise<void>;
}
