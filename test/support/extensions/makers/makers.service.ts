import { z } from "zod";
import { longText, slug, text, timestamp } from "../../../../mixins/contract/fields.ts";
import { defineResource } from "../../../../mixins/resource/define-resource.ts";

/** A resource with fields of all kinds that staff write and everyone reads. */
export const makers = defineResource({
  name: "makers",
  item: "maker",
  summary: "Makers, for tests of resources",
  fields: {
    slug,
    name: text(80),
    story: longText(5000).optional(),
    tier: z.enum(["common", "premium"]).default("common"),
    founded: z.int().min(1000).max(2100),
    shown: z.boolean().default(true),
    since: timestamp.optional(),
    links: z.array(z.strictObject({ title: text(80), url: z.string() })).default([]),
    rating: z.number().optional(),
  },
  access: { read: "anyone", write: { permission: "catalog:write" } },
  filters: ["tier", "shown"],
  sorts: ["name", "founded"],
  unique: ["slug"],
  added: [["since"], ["rating"]],
});

export default makers.service();
