import { action } from "../catalog.dependencies.ts";
import { summaryInLocale } from "../in-locale.ts";
import { presentSummary } from "../present.ts";

export const lookUpProducts = action("catalog.products.lookup", async ({ params }, dependencies) => {
  const { products, locales, currency, imagePresenter } = dependencies;
  const found = await products.summaries(params.ids, { withTexts: params.locale !== undefined });
  const images = imagePresenter.in(params.locale);
  return found
    .filter(({ status }) => status === "published")
    .map((one) => presentSummary(summaryInLocale(one, params.locale, locales), currency, images));
});
