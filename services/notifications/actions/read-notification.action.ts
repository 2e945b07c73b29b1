import { action } from "../notifications.dependencies.ts";

export const readNotification = action(
  "notifications.inbox.read",
  async ({ params, caller, now, transaction, fail }, { notifications }) => {
    await transaction(async (tx) => {
      if (!(await notifications.find(caller.userId, params.id, tx))) throw fail("not-found");
      await notifications.markRead([params.id], now, tx);
    });
    return null;
  },
);
