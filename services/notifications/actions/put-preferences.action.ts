import { toMinutes } from "../domain/quiet-hours.ts";
import type { Preferences } from "../domain/preferences.ts";
import { presentPreferences } from "../present.ts";
import { action } from "../notifications.dependencies.ts";

export const putPreferences = action(
  "notifications.preferences.put",
  async ({ params, caller, now, transaction }, { preferences, settings }) => {
    const { kinds = {}, quietHours = null, timeZone = null } = params;
    const chosen: Preferences = {
      choices: JSON.parse(JSON.stringify(kinds)) as Preferences["choices"],
      quietHours: quietHours && { from: toMinutes(quietHours.from), to: toMinutes(quietHours.to) },
      timeZone,
    };
    await transaction((tx) => preferences.save(caller.userId, chosen, now, tx));
    return presentPreferences(chosen, settings.timeZone);
  },
);
