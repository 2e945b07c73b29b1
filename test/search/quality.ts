import type { MadeProduct } from "./catalogue.ts";
import type { LabelledQuery } from "./queries.ts";

/** How well searches of one class were answered. */
export interface Quality {
  readonly queries: number;
  /** Mean share of the relevant products, or of twenty where there are more, among the first twenty. */
  readonly recallAt20: number;
  /** Mean reciprocal rank of the first relevant product among the first twenty. */
  readonly mrr: number;
}

const shown = 20;

export interface Answer {
  readonly query: LabelledQuery;
  readonly recall: number;
  readonly reciprocalRank: number;
}

/** Judges the products found for a search. @returns undefined when no product is relevant */
export function judge(
  query: LabelledQuery,
  found: readonly MadeProduct[],
  all: readonly MadeProduct[],
): Answer | undefined {
  const relevant = all.filter((product) => query.isRelevant(product)).length;
  if (relevant === 0) return undefined;
  const first = found.slice(0, shown);
  const hits = first.filter((product) => query.isRelevant(product)).length;
  const rank = first.findIndex((product) => query.isRelevant(product)) + 1;
  return { query, recall: hits / Math.min(shown, relevant), reciprocalRank: rank === 0 ? 0 : 1 / rank };
}

export function qualityOf(answers: readonly Answer[]): Quality {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return {
    queries: answers.length,
    recallAt20: mean(answers.map(({ recall }) => recall)),
    mrr: mean(answers.map(({ reciprocalRank }) => reciprocalRank)),
  };
}
