import { action } from "../catalog.dependencies.ts";
import { AttributePresenter } from "../attributes/present-attributes.ts";

export const listProductTypes = action("catalog.types.list", async ({ params }, { types, locales }) => {
  const present = new AttributePresenter(locales, params.locale);
  const page = await types.list(params);
  return { ...page, items: page.items.map((type) => present.type(type)) };
});
