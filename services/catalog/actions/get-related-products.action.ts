import { action } from "../catalog.dependencies.ts";
import { summaryInLocale } from "../in-locale.ts";
import { presentSummary } from "../present.ts";
import { maySee } from "../visibility.ts";

const mostShown = 12;

export const getRelatedProducts = action("catalog.products.related", async (context, dependencies) => {
  const { params, caller, fail } = context;
  const { products, related, locales, currency, imagePresenter } = dependencies;
  const product = await products.byIdOrSlug(params.idOrSlug);
  if (!product || !maySee(caller, product)) {
    const renamed = product ? undefined : await products.byFormerSlug(params.idOrSlug);
    if (renamed && maySee(caller, renamed)) throw fail("moved", undefined, { idOrSlug: renamed.slug });
    throw fail("not-found");
  }
  const [chosen, boughtTogether] = await Promise.all([
    related.chosen(product.id),
    related.boughtTogether(product.id, mostShown),
  ]);
  const found = await products.summaries([...new Set([...chosen, ...boughtTogether])], {
    withTexts: params.locale !== undefined,
  });
  const shown = new Map(
    found
      .filter(({ status, isWithheld }) => status === "published" && !isWithheld)
      .map((one) => [one.id, one]),
  );
  const images = imagePresenter.in(params.locale);
  const present = (ids: readonly string[]) =>
    ids.flatMap((id) => {
      const one = shown.get(id);
      return one ? [presentSummary(summaryInLocale(one, params.locale, locales), currency, images)] : [];
    });
  return { chosen: present(chosen), boughtTogether: present(boughtTogether) };
});
