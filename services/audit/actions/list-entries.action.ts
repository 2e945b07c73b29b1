import { action } from "../audit.dependencies.ts";
import { filterOf } from "../filter.ts";
import { presentEntry } from "../present.ts";

export const listEntries = action("audit.list", async ({ params }, { trail }) => {
  const { type, actorId, entity, entityId, from, before, ...request } = params;
  const page = await trail.list(filterOf({ type, actorId, entity, entityId, from, before }), request);
  return { ...page, items: page.items.map(presentEntry) };
});
