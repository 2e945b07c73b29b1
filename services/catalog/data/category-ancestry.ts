import { LRUCache } from "lru-cache";
import { pathsAbove } from "../domain/category-tree.ts";
import type { CategoryRepository } from "./category-repository.ts";

const maxCategories = 10_000;
/** A category that was moved takes its new place within this time. */
const maxAgeMs = 60_000;

/** Categories with those above them, kept for a minute: sales ask for them and rarely do they change. */
export class CategoryAncestry {
  readonly #categories: Pick<CategoryRepository, "ofIds" | "ofPaths">;
  /** Being read, or read. */
  readonly #known = new LRUCache<string, Promise<readonly string[]>>({ max: maxCategories, ttl: maxAgeMs });

  constructor(categories: Pick<CategoryRepository, "ofIds" | "ofPaths">) {
    this.#categories = categories;
  }

  /**
   * Ids of each category and of those above it, from the innermost out; empty for a category that is gone. Takes at
   * most two statements.
   */
  async of(ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const wanted = new Map(ids.map((id) => [id, this.#known.get(id)]));
    const missing = [...wanted].filter(([, known]) => known === undefined).map(([id]) => id);
    const reading = missing.length > 0 ? this.#ancestriesOf(missing) : undefined;
    for (const id of missing) {
      // One read serves all who ask meanwhile; a failed one is not kept.
      const ancestry = reading?.then((found) => found.get(id) ?? []);
      ancestry?.catch(() => this.#known.delete(id));
      this.#known.set(id, ancestry);
      wanted.set(id, ancestry);
    }
    const found = [...wanted].map(async ([id, ancestry]) => [id, (await ancestry) ?? []] as const);
    return new Map(await Promise.all(found));
  }

  async #ancestriesOf(ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const categories = await this.#categories.ofIds(ids);
    const paths = new Set(categories.flatMap(pathsAbove));
    const byPath = new Map((await this.#categories.ofPaths([...paths])).map(({ path, id }) => [path, id]));
    return new Map(
      categories.map((category) => {
        const above = pathsAbove(category).flatMap((path) => byPath.get(path) ?? []);
        return [category.id, [category.id, ...above.toReversed()]];
      }),
    );
  }
}
