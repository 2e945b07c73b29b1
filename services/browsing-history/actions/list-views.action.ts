import { presentViews } from "../present.ts";
import { action } from "../browsing-history.dependencies.ts";

export const listViews = action(
  "browsing-history.list",
  async ({ params, caller, call }, { history, recorder }) => {
    // This node's own: in one process users see what they have just looked at.
    await recorder.flush();
    const page = await history.list(caller.userId, params);
    return { ...page, items: await presentViews(page.items, params.locale, call) };
  },
);
