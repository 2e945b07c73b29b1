import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { OutgoingMessage } from "../../mixins/notify/notify-channel.ts";

/** Reads every message to a phone in a shop's data directory. */
export async function messagesIn(dataDir: string): Promise<OutgoingMessage[]> {
  const directory = join(dataDir, "outbox-messages");
  const names = await readdir(directory).catch(() => []);
  return Promise.all(
    names
      .filter((name) => !name.startsWith("."))
      .map(async (name) => JSON.parse(await readFile(join(directory, name), "utf8")) as OutgoingMessage),
  );
}

/** Waits for a message to a number that none of the known ones is. The test's own time limit ends the wait. */
export async function messageTo(
  dataDir: string,
  to: string,
  known: readonly OutgoingMessage[] = [],
): Promise<OutgoingMessage> {
  for (;;) {
    const message = (await messagesIn(dataDir)).find(
      (each) => each.to === to && !known.some(({ id }) => id === each.id),
    );
    if (message) return message;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
