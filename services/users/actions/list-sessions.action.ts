import { presentSession } from "../present.ts";
import { action } from "../users.dependencies.ts";

export const listSessions = action("users.sessions.list", async ({ params, caller, now }, { sessions }) => {
  const page = await sessions.list(caller.userId, now, params);
  return { ...page, items: page.items.map((session) => presentSession(session, caller.sessionId)) };
});
