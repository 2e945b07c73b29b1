import { job } from "../users.dependencies.ts";

const batch = 500;
/** Longer than a mail's retries, and than the hour over which mails to an address are limited. */
const mailKeptMs = 2 * 24 * 3_600_000;

/** Removes mails that were sent or given up, and expired tokens. */
export const removeOldMail = job({
  name: "forget-old-mail",
  once: "node",
  every: () => 60_000,
  async run({ now, transaction }, { mails, oneTimeTokens }) {
    let removed = batch;
    while (removed === batch)
      removed = await transaction((tx) => mails.removeOld(now - mailKeptMs, batch, tx));
    removed = batch;
    while (removed === batch)
      removed = await transaction((tx) => oneTimeTokens.removeExpired(now, batch, tx));
  },
});
