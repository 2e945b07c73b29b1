import { action } from "../catalog.dependencies.ts";
import { presentSynonyms } from "../present-search-tuning.ts";

export const listSynonyms = action("catalog.synonyms.list", async ({ params }, { synonyms }) => {
  const page = await synonyms.list(params);
  return { ...page, items: page.items.map(presentSynonyms) };
});
