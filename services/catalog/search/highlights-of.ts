import type { FoundTexts, ProductRepository } from "../data/product-repository.ts";
import type { Mark } from "../domain/search/highlight.ts";
import { excerptOf, marksOf } from "../domain/search/highlight.ts";

interface Highlight {
  readonly name: Mark[];
  readonly description: { readonly text: string; readonly marks: Mark[] } | null;
}

/** The found words in the texts of each product, in the language that it is shown in. */
export async function highlightsOf(
  shown: readonly { readonly id: string }[],
  terms: ReadonlySet<string>,
  products: ProductRepository,
  localized: (texts: FoundTexts) => FoundTexts,
): Promise<Highlight[]> {
  const texts = await products.textsOf(shown.map(({ id }) => id));
  return shown.map(({ id }) => {
    const known = texts.get(id);
    if (!known) return { name: [], description: null };
    const { name, description } = localized(known);
    return { name: marksOf(name, terms), description: excerptOf(description, terms) };
  });
}
