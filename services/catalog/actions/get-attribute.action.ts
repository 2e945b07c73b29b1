import { action } from "../catalog.dependencies.ts";
import { AttributePresenter } from "../attributes/present-attributes.ts";

export const getAttribute = action(
  "catalog.attributes.get",
  async ({ params, fail }, { attributes, locales }) => {
    const attribute = await attributes.byId(params.id);
    if (!attribute) throw fail("not-found");
    return new AttributePresenter(locales, params.locale).attribute(attribute);
  },
);
