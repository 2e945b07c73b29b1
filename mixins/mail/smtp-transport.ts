import type { Transporter } from "nodemailer";
import type { MailTransport, OutgoingMail } from "./mail-transport.ts";

/** The mail server will never take this letter. */
export class UndeliverableError extends Error {
  override name = "UndeliverableError";
}

const timeoutMs = 10_000;

/** Sends by SMTP, over TLS where the server offers it. Each letter has a connection of its own. */
export class SmtpTransport implements MailTransport {
  readonly #url: string;
  #transporter: Transporter | undefined;

  /** @param url `smtp://user:password@host:port`; `smtps://` begins with TLS, `?requireTLS=true` insists on it */
  constructor(url: string) {
    this.#url = url;
  }

  async send({ messageId, from, to, subject, text }: OutgoingMail): Promise<void> {
    try {
      await (await this.#open()).sendMail({
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

  /** Loads the library with the first letter: most nodes never send one. */
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

/** 5xx for the addresses. Wrong credentials are answered with 5xx as well, but that is a setting to be mended. */
function isRefusedForGood(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { code, responseCode } = error as Error & { code?: string; responseCode?: number };
  return code === "EENVELOPE" && (responseCode ?? 0) >= 500;
}
