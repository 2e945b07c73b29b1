import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { task } from "../../../mixins/contract/tasks.ts";
import { feedKinds } from "../domain/feed.ts";
import { write } from "./access.ts";

export const feedActions = {
  "feeds.start": action({
    summary: "Write a sitemap or a product feed of all products on sale",
    description:
      "`sitemap` and `merchant` (RSS with an item for each variant) are XML, `json-ld` has one schema.org product a line. Download the file at `/tasks/{id}/result` after the task has succeeded. It has at most 50,000 products; when the result's `next` is not null, the following file begins after it.",
    access: write,
    route: {
      method: "POST",
      path: "/products/feeds",
      limit: "expensive",
      status: 202,
      location: "/tasks/{task.id}",
    },
    params: z.strictObject({
      kind: z.enum(feedKinds),
      productUrl: z
        .string()
        .max(500)
        .regex(/^https?:\/\/[^\s{}"<>\\/]+\/[^\s{}"<>\\]*\{slug\}[^\s{}"<>\\]*$/, "must be a URL with {slug}")
        .meta({ examples: ["https://shop.example/p/{slug}"] })
        .describe("Page of a product in the shop's front end"),
      after: id.optional().describe("`next` of the file before"),
    }),
    result: z.strictObject({ task }),
    errors: [],
    idempotent: false,
  }),
};
