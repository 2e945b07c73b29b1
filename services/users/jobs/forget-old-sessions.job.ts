import { job } from "../users.dependencies.ts";

const batch = 500;

/** Sessions that expired are of no use to anyone. */
export const forgetOldSessions = job({
  name: "forget-old-sessions",
  every: () => 60_000,
  async run({ now, transaction }, { sessions }) {
    let forgotten = batch;
    while (forgotten === batch) forgotten = await transaction((tx) => sessions.forgetExpired(now, batch, tx));
  },
});
