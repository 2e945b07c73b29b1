import fc from "fast-check";
import { z } from "zod";
import type { Endpoint } from "../../services/api/routing/endpoints.ts";
import { endpointsOf } from "../../services/api/routing/endpoints.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { ApiDocument, Operation } from "../fuzz/operations.ts";
import { operationsOf, shapeOf } from "../fuzz/operations.ts";
import { requestOf, requestsFor } from "../fuzz/requests.ts";
import { KnownResources } from "../fuzz/world.ts";
import { allContracts } from "./all-contracts.ts";

/** A valid request: a refusal is due to the caller or to the data. */
export interface GoodRequest {
  readonly method: string;
  readonly path: string;
  /** Values of the path's placeholders. */
  readonly values: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const tries = 400;

/** Generates valid requests for every route from the contracts. */
export class GoodRequests {
  readonly endpoints: readonly Endpoint[] = endpointsOf(allContracts);
  readonly document: ApiDocument;
  readonly #operations: ReadonlyMap<string, Operation>;
  readonly #made = new Map<Endpoint, GoodRequest>();

  private constructor(document: ApiDocument) {
    this.document = document;
    this.#operations = new Map(operationsOf(document).map((operation) => [operation.name, operation]));
  }

  /** @param url of a gateway, for its API description */
  static async of(url: string): Promise<GoodRequests> {
    return new GoodRequests((await (await fetch(`${url}/openapi.json`)).json()) as ApiDocument);
  }

  /** @throws Error when the description does not have it */
  operation({ action }: Endpoint): Operation {
    const operation = this.#operations.get(action);
    if (!operation) throw new Error(`${action} is not described`);
    return operation;
  }

  /**
   * @param values of the path's placeholders, in order; default: new ids and the like
   * @throws Error when the contract rejects everything that its own schema describes
   */
  for(endpoint: Endpoint, values?: readonly string[]): GoodRequest {
    const known = this.#made.get(endpoint);
    const made = known ?? this.#make(endpoint);
    this.#made.set(endpoint, made);
    return values ? { ...made, values, path: filled(this.operation(endpoint), values) } : made;
  }

  #make(endpoint: Endpoint): GoodRequest {
    const operation = this.operation(endpoint);
    const plans = requestsFor(operation, { document: this.document, hostileOneIn: 0 });
    const nothingKnown = new KnownResources([]);
    for (let seed = 0; seed < tries; seed += 1) {
      const [plan] = fc.sample(plans, { seed, numRuns: 1 });
      if (!plan) break;
      const { path, headers, body } = requestOf({ ...plan, query: {} }, nothingKnown);
      const values = path
        .split("/")
        .filter((_part, index) => operation.path.split("/")[index]?.startsWith("{"))
        .map(decodeURIComponent);
      const { "If-Match": _made, ...others } = headers;
      const sent = { ...others, ...versionHeader(operation) };
      if (isAccepted(endpoint, { values, headers: sent, body: body?.toString() }))
        return { method: operation.method, path, values, headers: sent, body: body?.toString() };
    }
    throw new Error(`no valid request is known for ${endpoint.action}`);
  }
}

function filled({ path }: Operation, values: readonly string[]): string {
  let at = 0;
  return shapeOf(path).replaceAll("{}", () => encodeURIComponent(values[at++] ?? newId()));
}

function versionHeader({ parameters }: Operation): Record<string, string> {
  return parameters.some(({ name, required }) => name === "If-Match" && required)
    ? { "If-Match": '"1"' }
    : {};
}

/** Parts of an action's params. */
interface Sent {
  readonly values: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** True when an action's contract accepts a request, whatever the data. */
export function isAccepted(endpoint: Endpoint, { values, headers, body }: Sent): boolean {
  const { contract, route, takesBody, fromPath, fromHeaders, decode } = endpoint;
  if (route.upload || route.rawBody) return true;
  const sent: unknown = takesBody && body !== undefined ? JSON.parse(body) : {};
  if (typeof sent !== "object" || sent === null || Array.isArray(sent)) return false;
  const lowered = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const given = fromHeaders.flatMap(({ name, header }) => {
    const text = lowered.get(header);
    const value = text === undefined ? undefined : decode.get(name)?.(text);
    return value === undefined ? [] : [[name, value] as const];
  });
  const inPath = fromPath.map((name, index) => [name, values[index]] as const);
  return z.safeParse(contract.params, { ...sent, ...Object.fromEntries([...inPath, ...given]) }).success;
}
