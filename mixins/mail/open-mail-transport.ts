import type { MailConfig } from "../../config/index.ts";
import { FileTransport } from "./file-transport.ts";
import type { MailTransport } from "./mail-transport.ts";
import { SmtpTransport } from "./smtp-transport.ts";

/** SMTP if configured, else files. */
export function openMailTransport({ smtpUrl, directory }: MailConfig): MailTransport {
  return smtpUrl === undefined ? new FileTransport(directory) : new SmtpTransport(smtpUrl);
}
