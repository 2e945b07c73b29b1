import { action } from "../audit.dependencies.ts";
import { presentEntry } from "../present.ts";

export const listEntries = action("audit.list", async ({ params }, { trail }) => {
  const { type, actorId, entity, entityId, from, before, ...request } = params;
  const period = { from: moment(from), before: moment(before) };
  const page = await trail.list({ type, actorId, entity, entityId, ...period }, request);
  return { ...page, items: page.items.map(presentEntry) };
});

function moment(timestamp: string | undefined): number | undefined {
  return timestamp === undefined ? undefined : Date.parse(timestamp);
}
