import type { SelectiveFilter } from "../../../mixins/database/query/selective-filter.ts";
import type { ProductFilter } from "../data/product-filters.ts";

/** The answer to a search. */
export interface Found {
  /** The most relevant products first, up to a limit. */
  readonly productIds: readonly string[];
  /** Whether there are no others. */
  readonly isComplete: boolean;
  /**
   * Filters for lists of the found products in another order, and for counts that other filters narrow. The
   * rarest one first. None when no product has one of the words.
   */
  readonly matching: readonly SelectiveFilter[];
  /** Terms that texts of the found products may have, to mark them. */
  readonly terms: ReadonlySet<string>;
  /** The corrected search, when nothing was found for the one that was asked for. */
  readonly didYouMean: string | undefined;
}

export const nothingFound: Found = {
  productIds: [],
  isComplete: true,
  matching: [],
  terms: new Set(),
  didYouMean: undefined,
};

/** Finds products by words. */
export interface SearchEngine {
  /**
   * @param filter besides the search
   * @param exactly whether products must have all words as they are written, without typing errors forgiven
   */
  find(
    search: string,
    filter: Omit<ProductFilter, "matching">,
    how?: { readonly exactly: boolean },
  ): Promise<Found>;

  /** Longer searches that begin with this one, those of the most products first. */
  complete(search: string): Promise<string[]>;
}
