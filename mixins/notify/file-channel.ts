import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { NotifyChannel, OutgoingMessage } from "./notify-channel.ts";

/** Writes each message into a JSON file. A repeated send overwrites the same file. */
export class FileChannel implements NotifyChannel {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async send(message: OutgoingMessage): Promise<void> {
    const name = `${message.id}.json`;
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const unfinished = join(this.#directory, `.${name}`);
    await writeFile(unfinished, `${JSON.stringify(message, null, 2)}\n`, { mode: 0o600 });
    await rename(unfinished, join(this.#directory, name));
  }
}
