import { maxUnread } from "../contract/inbox.ts";
import { action } from "../notifications.dependencies.ts";

export const countUnread = action(
  "notifications.inbox.count-unread",
  async ({ caller }, { notifications }) => ({
    unread: await notifications.countUnread(caller.userId, maxUnread),
  }),
);
