import { action } from "../catalog.dependencies.ts";

const productsShown = 5;

export const suggestProducts = action(
  "catalog.products.suggestions",
  async ({ params }, { engine, products, anyWithheld, locales }) => {
    const { q, locale } = params;
    const everything = {
      category: undefined,
      collectionId: undefined,
      minPrice: undefined,
      maxPrice: undefined,
    };
    const onlySold = await anyWithheld.get();
    const [words, found] = await Promise.all([
      engine.complete(q),
      engine.find(q, { status: "published", onlySold, inStock: undefined, facets: [], ...everything }),
    ]);
    const shown = await products.summaries(found.productIds.slice(0, productsShown), {
      withTexts: locale !== undefined,
    });
    return {
      searches: words,
      products: shown.flatMap((product) => {
        const { id, slug, name } = locales.localized(product, locale);
        return product.status === "published" ? [{ id, slug, name }] : [];
      }),
    };
  },
);
