import type { Transporter } from "nodemailer";
import type { MailTransport, OutgoingMail } from "./mail-transport.ts";
import { unsubscribeHeaders } from "./unsubscribe-headers.ts";

/** The mail server rejected the e-mail permanently. */
export class UndeliverableError extends Error {
  override name = "UndeliverableError";
}

const timeoutMs = 10_000;

/** Sends by SMTP, over TLS where the server offers it. One connection per e-mail. */
export class SmtpTransport implements MailTransport {
  readonly #url: string;
  #transporter: Transporter | undefined;

  /**
   * @param url `smtp://user:password@host:port`; `smtps://` uses implicit TLS, `?requireTLS=true` requires
   *   STARTTLS
   */
  constructor(url: string) {
    this.#url = url;
  }

  async send({ messageId, from, to, subject, text, html, unsubscribeUrl }: OutgoingMail): Promise<void> {
    try {
      await (
        await this.#open()
      ).sendMail({
        messageId,
        // As objects: an address is not parsed as a list or a display name.
        from: { name: "", address: from },
        to: { name: "", address: to },
        subject,
        text,
        html,
        headers: { "Auto-Submitted": "auto-generated", ...unsubscribeHeaders(unsubscribeUrl) },
      });
    } catch (error) {
      if (isPermanentRejection(error)) throw new UndeliverableError(error.message);
      throw error;
    }
  }

  /** Loads nodemailer on the first send: most nodes never send mail. */
  async #open(): Promise<Transporter> {
    const { createTransport } = await import("nodemailer");
    return (this.#transporter ??= createTransport({
      url: this.#url,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    }));
  }
}

/** 5xx for the addresses. Wrong credentials are 5xx as well, but a matter of configuration. */
function isPermanentRejection(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { code, responseCode } = error as Error & { code?: string; responseCode?: number };
  return code === "EENVELOPE" && (responseCode ?? 0) >= 500;
}
