import { presentInbox } from "../present.ts";
import { action } from "../notifications.dependencies.ts";

export const listInbox = action("notifications.inbox.list", async ({ params, caller }, dependencies) => {
  const { notifications, preferences, locales, settings } = dependencies;
  const page = await notifications.list(caller.userId, params.unread, params);
  const { timeZone } = await preferences.of(caller.userId);
  const locale = params.locale ?? locales.default;
  return {
    ...page,
    items: await presentInbox(page.items, locale, timeZone ?? settings.timeZone, dependencies),
  };
});
