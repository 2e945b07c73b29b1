import { job } from "../users.dependencies.ts";

const batch = 500;
const messagesKeptMs = 24 * 3_600_000;

/** Removes messages that were sent or given up, expired codes, and counts of past windows. */
export const removeOldMessages = job({
  name: "forget-old-messages",
  once: "node",
  every: () => 60_000,
  async run({ now, transaction }, { messages, phoneCodes }) {
    let removed = batch;
    while (removed === batch)
      removed = await transaction((tx) => messages.removeOld(now - messagesKeptMs, batch, tx));
    removed = batch;
    while (removed === batch) removed = await transaction((tx) => phoneCodes.removeExpired(now, batch, tx));
  },
});
