import { z } from "zod";
import { id } from "./ids.ts";

/** Moleculer event with what signed-in users looked at, sent at most once to one node of each listening service. */
export const viewed = "api.viewed";

export const maxViewsPerHint = 500;

const view = z.strictObject({
  userId: id,
  productId: id,
  at: z.int().describe("Milliseconds since the Unix epoch"),
});

export const viewHints = z.strictObject({ views: z.array(view).max(maxViewsPerHint) });

export type ViewHint = z.output<typeof view>;
