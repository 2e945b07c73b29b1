import type { EventPayload, Result } from "../../mixins/contract/calls.ts";
import { ShopError } from "../../mixins/contract/errors.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import type { Pin } from "./data/pin-repository.ts";
import type { StoredSynonyms } from "./data/synonym-repository.ts";
import { foldSearch } from "./domain/search/fold-search.ts";
import type { SynonymGroup } from "./domain/search/synonyms.ts";
import { saysTwice } from "./domain/search/synonyms.ts";

type Snapshot = NonNullable<EventPayload<"catalog.changed">["after"]>;

export function presentSynonyms(synonyms: StoredSynonyms): Result<"catalog.synonyms.create"> {
  const { id, words, from, version, createdAt, updatedAt } = synonyms;
  const times = { createdAt: toTimestamp(createdAt), updatedAt: toTimestamp(updatedAt) };
  return { id, words: [...words], from, version, ...times };
}

export function presentPin(pin: Pin): Result<"catalog.pins.create"> {
  const { id, query, productIds, version, createdAt, updatedAt } = pin;
  const times = { createdAt: toTimestamp(createdAt), updatedAt: toTimestamp(updatedAt) };
  return { id, query, productIds: [...productIds], version, ...times };
}

/** Fields that staff edit, for change events. */
export function synonymsSnapshot({ words, from }: SynonymGroup): Snapshot {
  return { words: [...words], from };
}

/** Fields that staff edit, for change events. */
export function pinSnapshot({ query, productIds }: Pick<Pin, "query" | "productIds">): Snapshot {
  return { query, productIds: [...productIds] };
}

/** @throws ShopError `validation-failed` for a group that says nothing, or the same twice */
export function assertSynonyms({ words, from }: SynonymGroup): void {
  if (from === null && words.length < 2)
    throw invalid("words", "must be two or more, unless `from` is given");
  if (saysTwice([...words, ...(from === null ? [] : [from])]))
    throw invalid("words", "must differ in more than case, accents, blanks and endings, also from `from`");
}

/** @throws ShopError `validation-failed` for text that is too long when folded */
export function foldedQuery(query: string): string {
  const folded = foldSearch(query);
  if (folded.length > 100) throw invalid("query", "must have at most 100 characters when folded");
  return folded;
}

function invalid(path: string, message: string): ShopError {
  return new ShopError("validation-failed", undefined, {
    errors: [{ path, code: "invalid-value", message }],
  });
}
