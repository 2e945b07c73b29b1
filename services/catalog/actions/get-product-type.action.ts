import { action } from "../catalog.dependencies.ts";
import { AttributePresenter } from "../attributes/present-attributes.ts";

export const getProductType = action(
  "catalog.types.get",
  async ({ params, fail }, { types, attributes, locales }) => {
    const type = await types.byIdOrSlug(params.idOrSlug);
    if (!type) throw fail("not-found");
    const present = new AttributePresenter(locales, params.locale);
    const codes = type.attributes.map(({ code }) => code);
    const definitions = (await attributes.byCodes(codes)).toSorted(
      (one, other) => codes.indexOf(one.code) - codes.indexOf(other.code),
    );
    return { ...present.type(type), definitions: definitions.map((each) => present.attribute(each)) };
  },
);
