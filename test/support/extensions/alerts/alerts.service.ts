import { text } from "../../../../mixins/contract/fields.ts";
import { id } from "../../../../mixins/contract/ids.ts";
import { defineResource } from "../../../../mixins/resource/define-resource.ts";

const alerts = defineResource({
  name: "alerts",
  item: "alert",
  summary: "Products that customers wait for, for tests of resources",
  path: "/me/alerts",
  fields: { productId: id, note: text(200).optional() },
  fixed: ["productId"],
  access: "signed-in",
  owner: "caller",
  filters: ["productId"],
  unique: ["productId"],
  onDuplicate: "keep",
  limit: { rows: 1000, beyond: "refuse" },
  needs: ["catalog"],
});

declare module "../../../../mixins/contract/registry.ts" {
  interface Contracts {
    alerts: typeof alerts.contract;
  }
}

export default alerts.service({
  async create(context, standard) {
    await context.call("catalog.products.get", { idOrSlug: context.params.productId });
    return standard.create(context);
  },
});
