import { action } from "../notifications.dependencies.ts";

const batch = 500;

export const readAll = action(
  "notifications.inbox.read-all",
  async ({ caller, now, transaction }, { notifications }) => {
    for (let read = batch; read === batch;)
      read = await transaction(async (tx) => {
        const ids = await notifications.unreadUntil(caller.userId, now, batch, tx);
        if (ids.length > 0) await notifications.markRead(ids, now, tx);
        return ids.length;
      });
    return null;
  },
);
