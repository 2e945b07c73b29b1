import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { NodeCounts } from "../../deploy/local/cluster/plan.ts";
import type { Cluster } from "../../deploy/local/cluster.ts";
import { startCluster } from "../../deploy/local/cluster.ts";
import { stopStack } from "../../deploy/local/stack.ts";
import type { ActionName, Input, Result } from "../../services/contract/calls.ts";
import type { Caller } from "../../services/contract/caller.ts";
import { guest } from "../../services/contract/caller.ts";
import { newId } from "../../services/contract/ids.ts";
import { callShop } from "../../services/node/registry.ts";
import { freePorts, until } from "./processes.ts";

const administrator = { email: "admin@shop.example", password: "correct horse battery staple" };

export interface RequestOptions {
  readonly token?: string;
  readonly key?: string;
  /** The version that `If-Match` demands. */
  readonly version?: number;
  readonly body?: object;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** A cluster with servers of its own, as clients of its gateways know it. */
export class ClusterUnderTest {
  readonly cluster: Cluster;
  /** The administrator's access token. */
  staff = "";
  readonly #versions = new Map<string, number>();

  private constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  /**
   * Two gateways and what `counts` says; resolves when the administrator can log in at each gateway.
   *
   * @param stackDirectory of servers that run already
   */
  static async start(
    counts: Partial<NodeCounts>,
    settingsOfShop: Readonly<Record<string, string>> = {},
    stackDirectory?: string,
  ): Promise<ClusterUnderTest> {
    const directory = stackDirectory ?? (await mkdtemp(join(tmpdir(), "cluster-proof-")));
    const settings = { ...settingsOfShop, ADMIN_PASSWORD: administrator.password };
    const started = new ClusterUnderTest(
      await startCluster({ directory, fast: true, port: await freePorts(2), counts, settings }).catch(async (error: unknown) => {
        await stopStack({ directory, purge: true });
        throw error;
      }),
    );
    const { broker } = started.cluster;
    await broker.waitForServices(["users"], 30_000);
    await callShop(broker, "users.administrator.ensure", administrator, { meta: { caller: { kind: "system", name: "test" } } });
    for (const gateway of started.gateways)
      await until(async () => (await started.request(gateway, "POST", "/auth/login", { body: administrator })).status === 200);
    started.staff = await started.signIn(0, administrator);
    return started;
  }

  async stop(): Promise<void> {
    await this.cluster.stop();
    await stopStack({ directory: this.cluster.stack.directory, purge: true });
  }

  get gateways(): number[] {
    return [...this.cluster.urls.keys()];
  }

  async request(gateway: number, method: string, path: string, { token, key, version, body }: RequestOptions = {}) {
    const response = await fetch(`${this.cluster.urls[gateway]}/api/v1${path}`, {
      method,
      headers: {
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(key ? { "Idempotency-Key": key } : {}),
        ...(version === undefined ? {} : { "If-Match": `"${version}-x"` }),
        ...(body ? { "Content-Type": "application/json" } : {}),
      },
      body: body ? JSON.stringify(body) : null,
    });
    const text = await response.text();
    return { status: response.status, text, json: text ? JSON.parse(text) : undefined };
  }

  /** As `request`, for what must succeed. @throws Error with the answer when it does not */
  async demand(gateway: number, method: string, path: string, options: RequestOptions = {}) {
    const { status, text, json } = await this.request(gateway, method, path, options);
    if (status >= 300) throw new Error(`${method} ${path} at gateway ${gateway}: ${status} ${text}`);
    return json;
  }

  async signIn(gateway: number, credentials: Credentials): Promise<string> {
    return (await this.demand(gateway, "POST", "/auth/login", { body: credentials })).accessToken;
  }

  async register(): Promise<Credentials> {
    const credentials = { email: `${newId()}@example.com`, password: "a long and private sentence" };
    await this.demand(0, "POST", "/auth/register", { body: { ...credentials, name: "Ada" } });
    return credentials;
  }

  /** A published product with one variant, of which there is plenty unless said otherwise. */
  async addProduct(quantity = 1000): Promise<{ id: string; variantId: string }> {
    const name = newId();
    const variants = [{ sku: `SKU-${name}`, priceMinor: 1000 }];
    const body = { slug: name, name, status: "published", variants };
    const product = await this.demand(0, "POST", "/products", { token: this.staff, body });
    const [variant] = product.variants;
    const received = { kind: "receive", quantity, reason: "delivery" };
    await this.demand(0, "PATCH", `/variants/${variant.id}/stock`, { token: this.staff, body: received });
    return { id: product.id, variantId: variant.id };
  }

  /** By staff, who alone change variants here. */
  async setPrice(gateway: number, variantId: string, priceMinor: number): Promise<void> {
    const path = `/variants/${variantId}`;
    const version = this.#versions.get(variantId) ?? (await this.demand(gateway, "GET", path, { token: this.staff })).version;
    const changed = await this.demand(gateway, "PATCH", path, { token: this.staff, version, body: { priceMinor } });
    this.#versions.set(variantId, changed.version);
  }

  /** Asks one node, past the gateways, as a guest unless said otherwise. */
  askNode<N extends ActionName>(nodeID: string, name: N, params: Input<N>, caller: Caller = guest): Promise<Result<N>> {
    return callShop(this.cluster.broker, name, params, { nodeID, meta: { caller } });
  }

  nodesOf(service: keyof NodeCounts): string[] {
    return this.cluster.nodes.map(({ plan }) => plan).filter((plan) => plan.kind === service).map(({ name }) => name);
  }
}

/** What became of the questions of a stream. */
export interface StreamReport {
  readonly count: number;
  readonly slowestMs: number;
  readonly failures: readonly string[];
}

const lanes = 4;
const breathMs = 5;

/** Asks steadily, in several lanes, until it is ended. */
export class Stream {
  readonly #running: Promise<unknown>;
  readonly #failures: string[] = [];
  #count = 0;
  #slowestMs = 0;
  #ended = false;

  /** @param ask is given the number of the question; a rejection is a failure */
  constructor(ask: (number: number) => Promise<unknown>) {
    this.#running = Promise.all(Array.from({ length: lanes }, (_, lane) => this.#run(lane, ask)));
  }

  /** Resolves when so many more have been answered. */
  async answered(more: number): Promise<void> {
    const enough = this.#count + more;
    await until(() => this.#count >= enough);
  }

  /** The figures since the start or the last call. */
  report(): StreamReport {
    const report = { count: this.#count, slowestMs: this.#slowestMs, failures: this.#failures.splice(0) };
    this.#count = 0;
    this.#slowestMs = 0;
    return report;
  }

  async end(): Promise<StreamReport> {
    this.#ended = true;
    await this.#running;
    return this.report();
  }

  async #run(lane: number, ask: (number: number) => Promise<unknown>): Promise<void> {
    for (let number = lane; !this.#ended; number += lanes) {
      const began = Date.now();
      await ask(number).catch((error: unknown) => this.#failures.push(String(error)));
      this.#slowestMs = Math.max(this.#slowestMs, Date.now() - began);
      this.#count += 1;
      await pause(breathMs);
    }
  }
}

/** Leaves a measured figure in the test's output, to be quoted. */
export function tell(figure: string): void {
  process.stdout.write(`    ${figure}\n`);
}
