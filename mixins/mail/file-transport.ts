import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MailTransport, OutgoingMail } from "./mail-transport.ts";

/** Writes each letter into a file that a person, or a mail program, can read. A repeated letter is the same file. */
export class FileTransport implements MailTransport {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async send({ messageId, from, to, subject, text }: OutgoingMail): Promise<void> {
    const headers = {
      Date: new Date().toUTCString(),
      "Message-ID": messageId,
      From: from,
      To: to,
      Subject: subject,
      "MIME-Version": "1.0",
      "Content-Type": "text/plain; charset=utf-8",
      "Content-Transfer-Encoding": "8bit",
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${oneLine(value)}\n`);
    const name = `${messageId.replaceAll(/[^\w.-]+/g, "_").replaceAll(/^_|_$/g, "")}.eml`;
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const unfinished = join(this.#directory, `.${name}`);
    await writeFile(unfinished, `${lines.join("")}\n${text}`, { mode: 0o600 });
    await rename(unfinished, join(this.#directory, name));
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, " ");
}
