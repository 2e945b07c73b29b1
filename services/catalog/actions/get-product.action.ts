import { action } from "../catalog.dependencies.ts";
import { productInLocale } from "../in-locale.ts";
import { presentProduct } from "../present.ts";
import { AttributePresenter } from "../attributes/present-attributes.ts";
import { maySee } from "../visibility.ts";

export const getProduct = action(
  "catalog.products.get",
  async (context, { products, variants, definitions, locales, currency, imagePresenter }) => {
    const { params, caller, fail } = context;
    const product = await products.byIdOrSlug(params.idOrSlug, {
      withBrandTexts: params.locale !== undefined,
    });
    if (product && maySee(caller, product)) {
      const [itsVariants, defined] = await Promise.all([variants.ofProduct(product.id), definitions.get()]);
      const attributes = new AttributePresenter(locales, params.locale).values(product, defined);
      const localized = productInLocale(product, params.locale, locales);
      return presentProduct(localized, itsVariants, attributes, currency, imagePresenter.in(params.locale));
    }
    const renamed = product ? undefined : await products.byFormerSlug(params.idOrSlug);
    if (renamed && maySee(caller, renamed)) throw fail("moved", undefined, { idOrSlug: renamed.slug });
    throw fail("not-found");
  },
);
