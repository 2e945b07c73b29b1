import { createTransport } from "nodemailer";
import type { MailTransport, OutgoingMail } from "./mail-transport.ts";

/** The mail server will never take this letter. */
export class UndeliverableError extends Error {
  override name = "UndeliverableError";
}

const timeoutMs = 10_000;

/** Sends by SMTP, over TLS where the server offers it. Each letter has a connection of its own. */
export class SmtpTransport implements MailTransport {
  readonly #transporter: ReturnType<typeof createTransport>;

  /** @param url `smtp://user:password@host:port`; `smtps://` begins with TLS, `?requireTLS=true` insists on it */
  constructor(url: string) {
    this.#transporter = createTransport({
      url,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async send({ messageId, from, to, subject, text }: OutgoingMail): Promise<void> {
    try {
      await this.#transporter.sendMail({
        messageId,
        // As objects, so that nothing in an address is read as a list or a name.
        from: { name: "", address: from },
        to: { name: "", address: to },
        subject,
        text,
        headers: { "Auto-Submitted": "auto-generated" },
      });
    } catch (error) {
      if (isRefusedForGood(error)) throw new UndeliverableError(error.message);
      throw error;
    }
  }
}

/** 5xx for the addresses. Wrong credentials are answered with 5xx as well, but that is a setting to be mended. */
function isRefusedForGood(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { code, responseCode } = error as Error & { code?: string; responseCode?: number };
  return code === "EENVELOPE" && (responseCode ?? 0) >= 500;
}
