import { action } from "../catalog.dependencies.ts";
import { AttributePresenter } from "../attributes/present-attributes.ts";

export const listAttributes = action(
  "catalog.attributes.list",
  async ({ params }, { attributes, locales }) => {
    const present = new AttributePresenter(locales, params.locale);
    const page = await attributes.list(params);
    return { ...page, items: page.items.map((attribute) => present.attribute(attribute)) };
  },
);
