import type { MailConfig } from "../../config/index.ts";
import { FileTransport } from "./file-transport.ts";
import { SmtpTransport } from "./smtp-transport.ts";

/** A letter, ready to go. */
export interface OutgoingMail {
  /** The same for every attempt at this letter, so that a mailbox can tell a repetition. */
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Takes letters to where they are read. */
export interface MailTransport {
  /**
   * Resolves when the other side has taken the letter over.
   *
   * @throws UndeliverableError when no later attempt can succeed; any other error is worth another attempt
   */
  send(mail: OutgoingMail): Promise<void>;
}

/** SMTP where there is a server for it, files otherwise. */
export function mailTransport({ smtpUrl, directory }: MailConfig): MailTransport {
  return smtpUrl === undefined ? new FileTransport(directory) : new SmtpTransport(smtpUrl);
}
