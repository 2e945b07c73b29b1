import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** A letter from a file of the embedded shape. */
export interface ReadMail {
  readonly to: string;
  readonly subject: string;
  readonly messageId: string;
  readonly text: string;
}

/** Reads every mail in a shop's data directory. */
export async function mailIn(dataDir: string): Promise<ReadMail[]> {
  const directory = join(dataDir, "outbox-mail");
  const names = await readdir(directory).catch(() => []);
  return Promise.all(
    names
      .filter((name) => name.endsWith(".eml") && !name.startsWith("."))
      .map(async (name) => readMail(await readFile(join(directory, name), "utf8"))),
  );
}

/** Waits for a mail to an address. The test's own time limit ends the wait. */
export async function mailTo(dataDir: string, to: string, subject: RegExp): Promise<ReadMail> {
  for (;;) {
    const mail = (await mailIn(dataDir)).find((letter) => letter.to === to && subject.test(letter.subject));
    if (mail) return mail;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The single-use token in a letter. */
export function tokenIn({ text }: ReadMail): string {
  const [, token] = /(?:^|#token=)([\w-]{43})$/m.exec(text) ?? [];
  if (!token) throw new Error(`there is no token in: ${text}`);
  return token;
}

function readMail(content: string): ReadMail {
  const end = content.indexOf("\n\n");
  const headers = new Map(
    content
      .slice(0, end)
      .split("\n")
      .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
  );
  const header = (name: string) => headers.get(name) ?? "";
  return {
    to: header("To"),
    subject: header("Subject"),
    messageId: header("Message-ID"),
    text: content.slice(end + 2),
  };
}
