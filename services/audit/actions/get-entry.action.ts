import { action } from "../audit.dependencies.ts";
import { presentEntry } from "../present.ts";

export const getEntry = action("audit.get", async ({ params, fail }, { trail }) => {
  const entry = await trail.byId(params.id);
  if (!entry) throw fail("not-found");
  return presentEntry(entry);
});
