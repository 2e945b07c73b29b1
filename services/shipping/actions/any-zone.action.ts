import { action } from "../shipping.dependencies.ts";

/** Cached at callers until a zone changes: a shop without zones makes no further call. */
export const anyZone = action("shipping.zones.any", async (_context, { zones }) => zones.any());
