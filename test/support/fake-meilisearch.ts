import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

type Doc = Readonly<Record<string, string | readonly string[]>> & { readonly id: string };
type Settings = Readonly<Record<string, unknown>>;

interface FakeIndex {
  readonly documents: Map<string, Doc>;
  settings: Settings;
}

interface FakeTask {
  status: "enqueued" | "succeeded" | "failed";
  error: object | null;
}

interface Search {
  readonly q: string;
  readonly filter: string;
  readonly limit: number;
  readonly matchingStrategy: "all" | "last";
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

export const fakeKey = "key-of-the-stand-in";

/**
 * A fake Meilisearch on loopback, as far as the shop uses it: indexes, documents, settings, swapping, tasks in
 * order, and searches for begun words in searchable attributes.
 */
export class FakeMeilisearch {
  readonly indexes = new Map<string, FakeIndex>();
  /** Words of each search. */
  readonly searches: string[] = [];
  /** Searches and writes get no answer. */
  hangs = false;
  /** Called for the name of each swapped index, after the swap. */
  onSwap: (name: string) => void = () => {};
  readonly #tasks: FakeTask[] = [];
  readonly #server: Server;
  #port = 0;

  constructor() {
    this.#server = createServer((request, response) => void this.#respond(request, response));
  }

  async start(): Promise<void> {
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The settings of a shop that uses it. */
  get env(): Record<string, string> {
    return { SEARCH_ENGINE: "meilisearch", MEILISEARCH_URL: this.url, MEILISEARCH_KEY: fakeKey };
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.hangs) return;
    const body = request.method === "GET" || request.method === "DELETE" ? undefined : await json(request);
    const { status, body: answer } = this.#answer(request, body);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
  }

  #answer({ method = "", url = "", headers }: IncomingMessage, body: unknown): Answer {
    if (headers.authorization === undefined) return refusal(401, "missing_authorization_header", "auth");
    if (headers.authorization !== `Bearer ${fakeKey}`) return refusal(403, "invalid_api_key", "auth");
    const [first = "", uid = "", part = "", id = ""] = new URL(url, this.url).pathname.slice(1).split("/");
    switch (`${method} ${[first, uid && "*", part, id && "*"].filter(Boolean).join("/")}`) {
      case "GET indexes":
        return found({
          results: [...this.indexes.keys()].map((its) => ({ uid: its })),
          offset: 0,
          limit: 1000,
        });
      case "POST indexes":
        return this.#enqueue(() => this.#create((body as { uid: string }).uid));
      case "DELETE indexes/*":
        return this.#enqueue(() => (this.indexes.delete(uid) ? null : faultOf("index_not_found")));
      case "PATCH indexes/*/settings":
        return this.#enqueue(() => {
          const index = this.#indexOf(uid);
          index.settings = { ...index.settings, ...(body as Settings) };
          return null;
        });
      case "POST indexes/*/documents":
        return this.#enqueue(() => {
          for (const document of body as Doc[]) this.#indexOf(uid).documents.set(document.id, document);
          return null;
        });
      case "POST indexes/*/documents/*":
        return this.#enqueue(() => {
          for (const removed of body as string[]) this.#indexOf(uid).documents.delete(removed);
          return null;
        });
      case "GET indexes/*/documents/*": {
        const index = this.indexes.get(uid);
        if (!index) return refusal(404, "index_not_found");
        const document = index.documents.get(id);
        return document ? found(document) : refusal(404, "document_not_found");
      }
      case "POST indexes/*/search":
        return this.#search(uid, body as Search);
      case "POST swap-indexes":
        return this.#enqueue(() => this.#swap(body as { indexes: [string, string] }[]));
      case "GET tasks/*": {
        const task = this.#tasks[Number(uid)];
        return task ? found({ uid: Number(uid), ...task }) : refusal(404, "task_not_found");
      }
      default:
        return refusal(404, "not_found");
    }
  }

  /** Answers before the work is done, which the next turns of the loop do in order. */
  #enqueue(work: () => object | null): Answer {
    const task: FakeTask = { status: "enqueued", error: null };
    const taskUid = this.#tasks.push(task) - 1;
    setImmediate(() => {
      task.error = work();
      task.status = task.error === null ? "succeeded" : "failed";
    });
    return { status: 202, body: { taskUid, status: "enqueued", enqueuedAt: new Date().toISOString() } };
  }

  #create(uid: string): object | null {
    if (this.indexes.has(uid)) return faultOf("index_already_exists");
    this.#indexOf(uid);
    return null;
  }

  /** Documents and settings create their index. */
  #indexOf(uid: string): FakeIndex {
    const index = this.indexes.get(uid) ?? { documents: new Map<string, Doc>(), settings: {} };
    this.indexes.set(uid, index);
    return index;
  }

  #swap(swaps: readonly { readonly indexes: readonly [string, string] }[]): object | null {
    for (const { indexes } of swaps) {
      const [one, other] = indexes.map((name) => this.indexes.get(name));
      if (!one || !other) return faultOf("index_not_found");
      this.indexes.set(indexes[0], other).set(indexes[1], one);
      this.onSwap(indexes[1]);
    }
    return null;
  }

  #search(uid: string, { q, filter, limit, matchingStrategy }: Search): Answer {
    const index = this.indexes.get(uid);
    if (!index) return refusal(404, "index_not_found");
    const { searchableAttributes = [], filterableAttributes = [] } = index.settings as Record<
      string,
      string[]
    >;
    const [, field = "", value = ""] = /^(\w+) = "([^"]*)"$/.exec(filter) ?? [];
    if (!filterableAttributes.includes(field)) return refusal(400, "invalid_search_filter");
    this.searches.push(q);
    const words = q.toLowerCase().split(/\s+/);
    const wanted = matchingStrategy === "all" ? words : words.slice(0, 1);
    const rankOf = (document: Doc) =>
      searchableAttributes.findIndex((attribute) => {
        const text = [document[attribute] ?? []].flat().join(" ").toLowerCase();
        return text.includes(wanted[0] ?? "");
      });
    const hasAll = (document: Doc) => {
      const text = searchableAttributes.flatMap((attribute) => document[attribute] ?? []).join(" ");
      return wanted.every((word) => text.toLowerCase().includes(word));
    };
    const hits = [...index.documents.values()]
      .filter((document) => document[field] === value && hasAll(document))
      .toSorted((one, other) => rankOf(one) - rankOf(other))
      .slice(0, limit);
    return found({ hits: hits.map(({ id }) => ({ id })), query: q, limit, offset: 0 });
  }
}

function found(body: object): Answer {
  return { status: 200, body };
}

function refusal(status: number, code: string, type = "invalid_request"): Answer {
  return { status, body: faultOf(code, type) };
}

function faultOf(code: string, type = "invalid_request"): object {
  return { message: `stand-in: ${code}`, code, type, link: `https://docs.meilisearch.com/errors#${code}` };
}
