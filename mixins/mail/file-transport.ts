import { randomUUID } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MailTransport, OutgoingMail } from "./mail-transport.ts";
import { unsubscribeHeaders } from "./unsubscribe-headers.ts";

/** Writes each e-mail into an `.eml` file. A repeated send overwrites the same file. */
export class FileTransport implements MailTransport {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async send(mail: OutgoingMail): Promise<void> {
    const { messageId, from, to, subject, unsubscribeUrl } = mail;
    const { type, body } = bodyOf(mail);
    const headers = {
      Date: new Date().toUTCString(),
      "Message-ID": messageId,
      From: from,
      To: to,
      Subject: subject,
      "MIME-Version": "1.0",
      "Content-Type": type,
      "Content-Transfer-Encoding": "8bit",
      ...unsubscribeHeaders(unsubscribeUrl),
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${oneLine(value)}\n`);
    const name = `${messageId.replaceAll(/[^\w.-]+/g, "_").replaceAll(/^_|_$/g, "")}.eml`;
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const unfinished = join(this.#directory, `.${name}`);
    await writeFile(unfinished, `${lines.join("")}\n${body}`, { mode: 0o600 });
    await rename(unfinished, join(this.#directory, name));
  }
}

function bodyOf({ text, html }: OutgoingMail): { readonly type: string; readonly body: string } {
  if (html === undefined) return { type: "text/plain; charset=utf-8", body: text };
  const boundary = `part-${randomUUID()}`;
  const part = (subtype: string, content: string) =>
    `--${boundary}\nContent-Type: text/${subtype}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n${content}\n`;
  const body = `${part("plain", text)}${part("html", html)}--${boundary}--\n`;
  return { type: `multipart/alternative; boundary="${boundary}"`, body };
}

function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, " ");
}
