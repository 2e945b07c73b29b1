import { action } from "../catalog.dependencies.ts";
import { countFacets } from "../facets/count-facets.ts";
import { noDefinitions } from "../data/definitions.ts";
import type { ProductSummary } from "../data/product-summary.ts";
import { summaryInLocale } from "../in-locale.ts";
import { branchOf } from "../domain/merchant-tree.ts";
import { foldSearch } from "../domain/search/fold-search.ts";
import { presentSummary } from "../present.ts";
import { AttributePresenter } from "../attributes/present-attributes.ts";
import { readFacets } from "../facets/read-facets.ts";
import { highlightsOf } from "../search/highlights-of.ts";
import { withPinned } from "../search/pinned.ts";
import { byRelevance, rankedPage } from "../search/ranked-page.ts";
import { scopeOf, worksFor } from "../visibility.ts";

export const listProducts = action("catalog.products.list", async (context, dependencies) => {
  const { params, caller, fail } = context;
  const {
    categories,
    collections,
    brands,
    merchantCopies,
    merchantCategories,
    anyWithheld,
    products,
    engine,
    searchCounter,
    pins,
    definitions,
    locales,
    currency,
    imagePresenter,
  } = dependencies;
  const { status = "published", minPrice, maxPrice, inStock, locale } = params;
  const search = params.q?.trim() ?? "";
  const { sort = search === "" ? "-createdAt" : byRelevance } = params;
  const seen = scopeOf(caller, status);
  if (!seen) throw fail("forbidden", undefined, { permission: "catalog:write" });
  if (sort === byRelevance && search === "")
    throw fail("validation-failed", undefined, {
      errors: [{ path: "sort", code: "invalid-value", message: "relevance needs search words in q" }],
    });

  const category = params.category === undefined ? undefined : await categories.named(params.category);
  if (params.category !== undefined && !category) throw fail("not-found", "Category not found");
  const within = params.collection === undefined ? undefined : await collections.named(params.collection);
  if (params.collection !== undefined && !within) throw fail("not-found", "Collection not found");
  const { merchantCategory } = params;
  const ofMerchant =
    merchantCategory === undefined
      ? undefined
      : branchOf(await merchantCategories.treeWith(merchantCategory), merchantCategory);
  if (ofMerchant?.length === 0) throw fail("not-found", "Merchant's category not found");
  const defined = params.attr || params.facets ? await definitions.get() : noDefinitions;
  const { filters: facets, counted } = await readFacets(params, defined, {
    brand: brands,
    merchant: merchantCopies,
  });
  const collectionId = within?.id;
  const ofMerchants = facets.find(({ facet }) => facet === "merchant");
  const own = ofMerchants && "values" in ofMerchants ? ofMerchants.values : [];
  // Members see all products of a merchant that they ask for.
  const areOwn = own.length > 0 && own.every((merchantId) => worksFor(caller, merchantId));
  const onlySold = seen.onlySold && !areOwn && (await anyWithheld.get());
  const narrowed = {
    status,
    among: seen.among,
    onlySold,
    category,
    merchantCategories: ofMerchant,
    collectionId,
    minPrice,
    maxPrice,
    inStock,
    facets,
  };
  const [found, pinned] = await Promise.all([
    search === "" ? undefined : engine.find(search, narrowed),
    sort === byRelevance ? pins.productsOf(foldSearch(search), narrowed) : [],
  ]);
  const filter = { ...narrowed, matching: found?.matching ?? [] };
  const request = { ...params, sort };
  const withTexts = locale !== undefined;
  const present = new AttributePresenter(locales, locale);
  const [page, counts] = await Promise.all([
    found && sort === byRelevance
      ? rankedPage(withPinned(found, pinned), request, products, { status, withTexts })
      : products.list(filter, request, { withTexts }),
    counted.length === 0
      ? undefined
      : countFacets(filter, counted, { definitions: defined, present, locale }, dependencies),
  ]);
  if (found && params.cursor === undefined) searchCounter.count(search, page.items.length > 0);
  const presentOne = (product: ProductSummary) =>
    presentSummary(summaryInLocale(product, locale, locales), currency, imagePresenter.in(locale));
  const highlights =
    found && params.highlight
      ? await highlightsOf(page.items, found.terms, products, (texts) => locales.localized(texts, locale))
      : undefined;
  return {
    ...page,
    items: page.items.map(presentOne),
    ...(highlights ? { highlights } : {}),
    ...(counts ? { facets: counts } : {}),
    ...(found?.didYouMean === undefined ? {} : { didYouMean: found.didYouMean }),
  };
});
