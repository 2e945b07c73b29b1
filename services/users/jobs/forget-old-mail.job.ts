import { job } from "../users.dependencies.ts";

const batch = 500;
/** Longer than a mail is tried, and than the hour over which mails to an address are counted. */
const mailKeptMs = 2 * 24 * 3_600_000;

/** What was sent or given up, and tokens that have expired, are of no use to anyone. */
export const forgetOldMail = job({
  name: "forget-old-mail",
  every: () => 60_000,
  async run({ now, transaction }, { mails, oneTimeTokens }) {
    let forgotten = batch;
    while (forgotten === batch) forgotten = await transaction((tx) => mails.forgetOld(now - mailKeptMs, batch, tx));
    forgotten = batch;
    while (forgotten === batch) forgotten = await transaction((tx) => oneTimeTokens.forgetExpired(now, batch, tx));
  },
});
