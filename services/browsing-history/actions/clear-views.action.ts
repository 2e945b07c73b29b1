import { action } from "../browsing-history.dependencies.ts";

export const clearViews = action(
  "browsing-history.clear",
  async ({ caller, now, transaction }, { history }) => {
    await transaction((tx) => history.clear(caller.userId, now, tx));
    return null;
  },
);
