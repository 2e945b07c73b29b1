import type { Settings } from "meilisearch";
import { maxRanked } from "../data/search/product-search.ts";
import { languageOf } from "../domain/search/external-document.ts";

/** Languages that Meilisearch cuts into words by dictionaries, by its names for them. */
const segmented: Readonly<Record<string, string>> = { zh: "cmn", ja: "jpn" };

/** Settings of an index of products, the fields of greatest weight first. */
export function indexSettings(locales: readonly string[]): Settings {
  const languages = [...new Set(locales.map(languageOf))];
  return {
    searchableAttributes: [
      ...languages.map((language) => `name_${language}`),
      "skus",
      "brand",
      "properties",
      "kinds",
      ...languages.map((language) => `description_${language}`),
    ],
    displayedAttributes: ["id", "index", "readFrom"],
    filterableAttributes: ["status"],
    typoTolerance: { enabled: true, disableOnAttributes: ["skus"] },
    localizedAttributes: languages.flatMap((language) => {
      const name = segmented[language];
      return name === undefined ? [] : [{ attributePatterns: [`*_${language}`], locales: [name] }];
    }),
    pagination: { maxTotalHits: maxRanked },
  };
}
