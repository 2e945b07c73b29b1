import { presentPreferences } from "../present.ts";
import { action } from "../notifications.dependencies.ts";

export const getPreferences = action(
  "notifications.preferences.get",
  async ({ caller }, { preferences, settings }) =>
    presentPreferences(await preferences.of(caller.userId), settings.timeZone),
);
