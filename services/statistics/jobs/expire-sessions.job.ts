import { applyEvents } from "../domain/presence.ts";
import { job } from "../statistics.dependencies.ts";

const perBatch = 200;

/** Ends sessions that have expired: no event tells it. */
export const expireSessions = job({
  name: "expire-sessions",
  once: "cluster",
  every: ({ sweepIntervalMs }) => sweepIntervalMs,
  async run({ now, transaction }, { presence, calendar }) {
    for (let found = perBatch; found === perBatch;)
      found = await transaction(async (tx) => {
        const expired = await presence.expired(now, perBatch, tx);
        if (expired.length === 0) return 0;
        const locked = await presence.lock(expired, tx);
        // One that an event has ended in the meantime keeps its earlier end.
        const events = expired.map(({ sessionId, userId, expiresAt }) => {
          const at = expiresAt ?? now;
          return { sessionId, userId, at, day: calendar.dayOf(at), endsAs: "expired" as const };
        });
        await presence.save(applyEvents(locked, events), tx);
        return expired.length;
      });
  },
});
