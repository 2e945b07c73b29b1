import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { task, taskActions, taskCancelled, taskQueued } from "../../../mixins/contract/tasks.ts";
import { sellers, write } from "./access.ts";

/** Types of files with rows. */
export const importMediaTypes = ["text/csv", "application/json", "application/x-ndjson"] as const;
/** What can be uploaded: rows, or a ZIP of rows and pictures. */
const uploadMediaTypes = [...importMediaTypes, "application/zip"] as const;
export const maxUploadBytes = 100 * 1024 * 1024;

export const transferActions = {
  "imports.start": action({
    summary: "Import products from a file",
    description:
      "CSV with a header, a JSON array of objects, or NDJSON, or a ZIP of one of them and pictures. Each row is a product and, with a SKU, one of its variants: `product` (slug), `name`, `description`, `category` (slug), `status`, `sku`, `price` (as 19.99) or `priceMinor`, `options` (`colour=red;size=M` in CSV), `weightGrams`, `stock`; `brand` and `type` (slugs), `tags` (`new|bestseller` in CSV), `seoTitle`, `seoDescription`, `attributes` (an object; in CSV columns like `attr.colour`), `texts` (by language; in CSV columns like `name.zh-CN`), `images` (URLs, or names of pictures in the ZIP; `a.jpg|b.jpg` in CSV), which are added after the rows unless the product has them. Products are matched by slug, variants by SKU: existing ones are updated, others created; omitted fields keep their values. `stock` is the initial stock of a new variant and ignored otherwise. `merchant` (slug) is whose product it is; members import and export products of merchants that they work for. Invalid rows are skipped and listed in the task's result; the others are imported.",
    access: sellers,
    route: {
      method: "POST",
      path: "/products/imports",
      status: 202,
      location: "/tasks/{task.id}",
      upload: { mediaTypes: uploadMediaTypes, maxBytes: maxUploadBytes, mediaTypeParam: "mediaType" },
    },
    params: z.strictObject({ mediaType: z.enum(uploadMediaTypes) }),
    result: z.strictObject({ task }),
    errors: [],
    idempotent: false,
    timeout: 15 * 60_000,
  }),
  "exports.start": action({
    summary: "Export all products to a file; of members, those of their merchants",
    description:
      "Download the file at `/tasks/{id}/result` after the task has succeeded; it can be imported again. CSV begins with a byte order mark; in it, cells that a spreadsheet would read as a formula are prefixed with an apostrophe, which the import removes.",
    access: sellers,
    route: {
      method: "POST",
      path: "/products/exports",
      limit: "expensive",
      status: 202,
      location: "/tasks/{task.id}",
    },
    params: z.strictObject({ format: z.enum(["csv", "ndjson"]).default("csv") }),
    result: z.strictObject({ task }),
    errors: [],
    idempotent: false,
  }),
  "demo.seed": action({
    summary: "Fill an empty catalogue with demonstration products",
    access: "internal",
    params: z.strictObject({}),
    result: z.strictObject({
      products: z.int().describe("Number added; 0 when the catalogue was not empty"),
    }),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
  "demo.mall": action({
    summary: "Add the demonstration mall in the background",
    description:
      "Types, brands, categories and some 250 products with pictures. What is there stays as it is.",
    access: "internal",
    params: z.strictObject({
      pictures: z.int().min(0).max(1000).default(1000).describe("Number of products that get a picture"),
    }),
    result: z.strictObject({
      task: task.nullable().describe("null, and nothing is added, when the shop has products of its own"),
    }),
    errors: [],
    idempotent: false,
  }),
  ...taskActions("/tasks", write.permission),
};

export const transferEvents = {
  "task-queued": taskQueued,
  "task-cancelled": taskCancelled,
};
