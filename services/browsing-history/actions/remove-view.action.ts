import { action } from "../browsing-history.dependencies.ts";

export const removeView = action("browsing-history.remove", async (context, { history, recorder }) => {
  const { params, caller, transaction, fail } = context;
  // Otherwise a view that is still to be written would come back.
  await recorder.flush();
  if (!(await transaction((tx) => history.remove(caller.userId, params.id, tx)))) throw fail("not-found");
  return null;
});
