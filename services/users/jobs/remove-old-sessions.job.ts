import { job } from "../users.dependencies.ts";

const batch = 500;
const signInsKeptMs = 90 * 24 * 3_600_000;

/** Removes expired sessions and old login attempts. */
export const removeOldSessions = job({
  name: "forget-old-sessions",
  once: "node",
  every: () => 60_000,
  async run({ now, transaction }, { sessions, signIns, twoFactor }) {
    let removed = batch;
    while (removed === batch) removed = await transaction((tx) => sessions.removeExpired(now, batch, tx));
    removed = batch;
    while (removed === batch)
      removed = await transaction((tx) => signIns.removeOld(now - signInsKeptMs, batch, tx));
    removed = batch;
    while (removed === batch)
      removed = await transaction((tx) => twoFactor.removeExpiredChallenges(now, batch, tx));
  },
});
