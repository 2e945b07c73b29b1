import { z } from "zod";
import { action, defineContract } from "../../mixins/contract/contract.ts";
import { timestamp } from "../../mixins/contract/fields.ts";
import { id } from "../../mixins/contract/ids.ts";
import { locale } from "../../mixins/contract/localized.ts";
import { page, pageParams } from "../../mixins/contract/paging.ts";
import { catalog } from "../catalog/catalog.contract.ts";

const path = "/me/browsing-history";

const view = z
  .strictObject({
    id,
    productId: id,
    product: catalog.actions["products.lookup"].result.element
      .nullable()
      .describe("As it is now, with its price; null when it is not on sale"),
    createdAt: timestamp.describe("The first view"),
    updatedAt: timestamp.describe("The latest view"),
  })
  .meta({ id: "View" });

/** Changes are in no audit trail, which cannot erase personal data. */
export const browsingHistory = defineContract({
  name: "browsing-history",
  summary: "Products that customers have looked at",
  consumes: ["users.account-deleted", "users.history-setting-changed"],
  needs: ["catalog"],
  actions: {
    list: action({
      summary: "List the products that you looked at, with their current name and price",
      description: "The latest view first, each product once, the last 200.",
      access: "signed-in",
      route: { method: "GET", path },
      params: z.strictObject({ ...pageParams(["updatedAt"], "-updatedAt"), locale }),
      result: page(view),
      errors: [],
      idempotent: true,
      reads: "primary",
      localized: true,
    }),
    create: action({
      summary: "Record a view",
      description:
        "`GET /products/{idOrSlug}` of a signed-in user is recorded by itself, within seconds. This is for pages that are served without it.",
      access: "signed-in",
      route: { method: "POST", path, status: 201 },
      params: z.strictObject({ productId: id, locale }),
      result: view,
      errors: ["not-found", "illegal-transition"],
      idempotent: true,
      reads: "primary",
      localized: true,
    }),
    remove: action({
      summary: "Remove one product from your history",
      description: "By the view's id or the product's.",
      access: "signed-in",
      route: { method: "DELETE", path: `${path}/{id}` },
      params: z.strictObject({ id }),
      result: z.null(),
      errors: ["not-found"],
      idempotent: true,
      reads: "primary",
    }),
    clear: action({
      summary: "Clear your history",
      access: "signed-in",
      route: { method: "DELETE", path },
      params: z.strictObject({}),
      result: z.null(),
      errors: [],
      idempotent: true,
      reads: "primary",
    }),
  },
  events: {},
});

declare module "../../mixins/contract/registry.ts" {
  interface Contracts {
    "browsing-history": typeof browsingHistory;
  }
}
