import { job } from "../merchants.dependencies.ts";

const batch = 500;

/** Removes invitations that nobody accepted in time. */
export const removeExpiredInvitations = job({
  name: "remove-expired-invitations",
  once: "cluster",
  every: () => 3_600_000,
  async run({ now, transaction }, { invitations }) {
    for (let removed = batch; removed === batch;)
      removed = await transaction((tx) => invitations.removeExpired(now, batch, tx));
  },
});
