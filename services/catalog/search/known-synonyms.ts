import { Snapshot } from "../data/snapshot.ts";
import type { SynonymRepository } from "../data/synonym-repository.ts";
import type { Synonyms } from "../domain/search/synonyms.ts";
import { readSynonyms } from "../domain/search/synonyms.ts";

/**
 * Snapshot of the synonyms as searches use them, read anew only when one of them has changed: that takes a tenth
 * of a second for as many as there can be.
 *
 * @param version changes with every change of the catalogue
 */
export function knownSynonyms(synonyms: SynonymRepository, version: () => string): Snapshot<Synonyms> {
  let known = { versions: "", synonyms: readSynonyms([]) };
  return new Snapshot(async () => {
    const groups = await synonyms.all();
    const versions = groups.map((group) => `${group.id} ${group.version}`).join();
    if (versions !== known.versions) known = { versions, synonyms: readSynonyms(groups) };
    return known.synonyms;
  }, version);
}
