import { job } from "../users.dependencies.ts";

const batch = 500;
const signInsKeptMs = 90 * 24 * 3_600_000;

/** Sessions that expired are of no use to anyone, and attempts to log in only for a while. */
export const forgetOldSessions = job({
  name: "forget-old-sessions",
  every: () => 60_000,
  async run({ now, transaction }, { sessions, signIns, twoFactor }) {
    let forgotten = batch;
    while (forgotten === batch) forgotten = await transaction((tx) => sessions.forgetExpired(now, batch, tx));
    forgotten = batch;
    while (forgotten === batch) forgotten = await transaction((tx) => signIns.forgetOld(now - signInsKeptMs, batch, tx));
    forgotten = batch;
    while (forgotten === batch) forgotten = await transaction((tx) => twoFactor.forgetExpiredChallenges(now, batch, tx));
  },
});
