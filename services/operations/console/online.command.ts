import type { ShopCommand } from "./command.ts";
import { table } from "./table.ts";

export const online: ShopCommand = {
  usage: "online",
  summary: "Users online now, and the peak of each of the last days",
  async run({ call }) {
    const now = await call("statistics.users.online", {});
    const { items } = await call("statistics.users.days", {});
    const head = table(["online", "peak today", "at"], [[now.online, now.peakToday, now.at]]);
    const days = table(
      ["day", "peak", "logins", "logouts", "revoked", "expired", "registrations"],
      items.map((day) => [
        day.day,
        day.peakOnline,
        day.logins,
        day.logouts,
        day.sessionsRevoked,
        day.sessionsExpired,
        day.registrations,
      ]),
    );
    return `${head}\n\n${days}`;
  },
};
