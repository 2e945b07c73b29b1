import type { EnqueuedTaskPromise } from "meilisearch";
import { Meilisearch, MeilisearchApiError } from "meilisearch";
import type { MeilisearchSettings } from "../../../config/search.ts";
import type { ExternalDocument } from "../domain/search/external-document.ts";
import { indexSettings } from "./index-settings.ts";

/** Raised when documents or settings change, so that indexes of two versions have different names. */
const schemaVersion = 1;
/** Id of the document that tells which index this is. */
const labelId = "index";
const writeTimeoutMs = 10_000;
const taskTimeoutMs = 60_000;
const dayMs = 86_400_000;
const indexesListed = 1000;

interface Label {
  readonly id: string;
  readonly index: string;
  readonly readFrom: number;
}

/** The products in Meilisearch: the index that is searched, and those that are being built beside it. */
export class MeilisearchIndex {
  readonly #searching: Meilisearch;
  readonly #writing: Meilisearch;
  readonly #timeoutMs: number;
  readonly #live: string;
  readonly #locales: readonly string[];

  /** @param namespace tells shops on one server apart */
  constructor({ url, key, timeoutMs }: MeilisearchSettings, namespace: string, locales: readonly string[]) {
    this.#searching = new Meilisearch({ host: url, apiKey: key });
    this.#writing = new Meilisearch({ host: url, apiKey: key, timeout: writeTimeoutMs });
    this.#timeoutMs = timeoutMs;
    this.#live = `${namespace}_products`;
    this.#locales = locales;
  }

  /**
   * Ids of the products that have all words or, if there are none, the first of them; the best first. With
   * `exactly`, of those that have all words only; typing errors are forgiven nevertheless.
   *
   * @throws Error when the server does not answer within its time limit, or refuses
   */
  async search(
    words: string,
    status: string,
    { limit, exactly }: { readonly limit: number; readonly exactly: boolean },
  ): Promise<string[]> {
    const signal = AbortSignal.timeout(this.#timeoutMs);
    const index = this.#searching.index<{ id: string }>(this.#live);
    const find = async (matchingStrategy: "all" | "last") => {
      const wanted = {
        filter: `status = "${status}"`,
        attributesToRetrieve: ["id"],
        limit,
        matchingStrategy,
      };
      return (await index.search(words, wanted, { signal })).hits.map(({ id }) => id);
    };
    return explained(async () => {
      const all = await find("all");
      return exactly || all.length > 0 ? all : find("last");
    });
  }

  /** Writes and removes documents of the index that is searched. */
  async write(documents: readonly ExternalDocument[], removedIds: readonly string[]): Promise<void> {
    const index = this.#writing.index(this.#live);
    if (documents.length > 0) await this.#done(() => index.addDocuments([...documents]));
    if (removedIds.length > 0) await this.#done(() => index.deleteDocuments([...removedIds]));
  }

  /** A name for an index to be built at a time, by a task. */
  newName(taskId: string, now: number): string {
    return `${this.#live}_v${schemaVersion}_${now}_${taskId.slice(-12)}`;
  }

  /** Creates an index to be filled; an existing one stays. @param readFrom when reading its products began */
  async create(name: string, readFrom: number): Promise<void> {
    await this.#createUnlessKnown(name);
    const index = this.#writing.index(name);
    await this.#done(() => index.updateSettings(indexSettings(this.#locales)));
    await this.#done(() => index.addDocuments([{ id: labelId, index: name, readFrom }]));
  }

  async fill(name: string, documents: readonly ExternalDocument[]): Promise<void> {
    if (documents.length > 0) await this.#done(() => this.#writing.index(name).addDocuments([...documents]));
  }

  /** Has a filled index searched instead of the present one; nothing if it already is. */
  async swap(name: string): Promise<void> {
    await this.#createUnlessKnown(this.#live);
    // Swapping again would undo it, so a retry has to see that it was done.
    if ((await this.#label())?.index === name) return;
    await this.#done(() => this.#writing.swapIndexes([{ indexes: [this.#live, name], rename: false }]));
  }

  /** Removes the index that was replaced, and what builds that ended early left a day ago. */
  async removeReplaced(name: string, now: number): Promise<void> {
    const { results } = await explained(() => this.#writing.getRawIndexes({ limit: indexesListed }));
    const built = new RegExp(`^${this.#live}_v\\d+_(\\d+)_`);
    for (const { uid } of results) {
      const builtAt = built.exec(uid)?.[1];
      if (uid === name || (builtAt !== undefined && Number(builtAt) < now - dayMs))
        await this.#done(() => this.#writing.deleteIndex(uid), "index_not_found");
    }
  }

  /** When reading the products of the index that is searched began; undefined without an index. */
  async readFrom(): Promise<number | undefined> {
    return (await this.#label())?.readFrom;
  }

  async #createUnlessKnown(name: string): Promise<void> {
    await this.#done(() => this.#writing.createIndex(name, { primaryKey: "id" }), "index_already_exists");
  }

  async #label(): Promise<Label | undefined> {
    return explained(async () => {
      try {
        return await this.#writing.index<Label & Record<string, unknown>>(this.#live).getDocument(labelId);
      } catch (error) {
        const code = error instanceof MeilisearchApiError ? error.cause?.code : undefined;
        if (code === "document_not_found" || code === "index_not_found") return undefined;
        throw error;
      }
    });
  }

  /** Awaits what Meilisearch does later. @param accepted code of an error that is none */
  async #done(start: () => EnqueuedTaskPromise, accepted?: string): Promise<void> {
    await explained(async () => {
      const { status, error } = await start().waitTask({ timeout: taskTimeoutMs });
      if (status !== "succeeded" && error?.code !== accepted)
        throw new Error(`a task ${status}: ${error?.code ?? "without an error"}`);
    });
  }
}

/** Says in one line why Meilisearch did not do it. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof MeilisearchApiError ? error.cause?.code : undefined;
    const isKey = code === "invalid_api_key" || code === "missing_authorization_header";
    const reason = isKey ? `it refuses MEILISEARCH_KEY (${code})` : (code ?? causeOf(error));
    throw new Error(`Meilisearch failed: ${reason}`, { cause: error });
  }
}

/** The reason at the bottom, such as a refused connection. */
function causeOf(error: unknown): string {
  const { message, cause } = error as Partial<Error>;
  return cause ? causeOf(cause) : (message ?? String(error));
}
