import { setTimeout as pause } from "node:timers/promises";
import type { NodeCounts } from "../../deploy/local/cluster/plan.ts";
import type { Cluster } from "../../deploy/local/cluster.ts";
import { startCluster } from "../../deploy/local/cluster.ts";
import type { Stack } from "../../deploy/local/stack.ts";
import type { ActionName, Input, Result } from "../../mixins/contract/calls.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import { guest } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { callShop } from "../../services/operations/console/known-nodes.ts";
import { noUnpaidLimits } from "../support/no-unpaid-limits.ts";
import { freePorts, until } from "./processes.ts";
import { giveBack, takeStack } from "./stack-for-tests.ts";

const administrator = { email: "admin@shop.example", password: "correct horse battery staple" };

export interface RequestOptions {
  readonly token?: string;
  readonly key?: string;
  /** Version for `If-Match`. */
  readonly version?: number;
  readonly body?: object;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** A cluster with its own servers, used through its gateways. */
export class ClusterUnderTest {
  readonly cluster: Cluster;
  /** The administrator's access token. */
  staff = "";
  readonly #versions = new Map<string, number>();

  private constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  /**
   * Starts two gateways, the nodes of `counts` and one for all other services; resolves when the
   * administrator can log in at each gateway.
   *
   * @param servers on which it runs; absent: its own
   */
  static async start(
    counts: Partial<NodeCounts>,
    settingsOfShop: Readonly<Record<string, string>> = {},
    servers?: Stack,
  ): Promise<ClusterUnderTest> {
    const stack = servers ?? (await takeStack());
    const settings = { ...noUnpaidLimits, ...settingsOfShop, ADMIN_PASSWORD: administrator.password };
    const started = new ClusterUnderTest(
      await startCluster({
        directory: stack.directory,
        fast: true,
        port: await freePorts(2),
        counts: { api: 2, rest: 1, ...counts },
        settings,
      }).catch(async (error: unknown) => {
        if (!servers) await giveBack(stack);
        throw error;
      }),
    );
    const { broker } = started.cluster;
    await broker.waitForServices(["users"], 30_000);
    await callShop(broker, "users.administrator.ensure", administrator, {
      meta: { caller: { kind: "system", name: "test" } },
    });
    for (const gateway of started.gateways)
      await until(
        async () =>
          (await started.request(gateway, "POST", "/auth/login", { body: administrator })).status === 200,
      );
    started.staff = await started.signIn(0, administrator);
    return started;
  }

  async stop(): Promise<void> {
    await this.cluster.stop();
    await giveBack(this.cluster.stack);
  }

  get gateways(): number[] {
    return [...this.cluster.urls.keys()];
  }

  async request(
    gateway: number,
    method: string,
    path: string,
    { token, key, version, body }: RequestOptions = {},
  ) {
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

  /**
   * As `request`, but fails on an error.
   *
   * @throws Error with the response
   */
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

  /** A published product with one variant and, by default, ample stock. */
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

  /** Sets a price as staff, the only writers of variants here. */
  async setPrice(gateway: number, variantId: string, priceMinor: number): Promise<void> {
    const path = `/variants/${variantId}`;
    const version =
      this.#versions.get(variantId) ??
      (await this.demand(gateway, "GET", path, { token: this.staff })).version;
    const changed = await this.demand(gateway, "PATCH", path, {
      token: this.staff,
      version,
      body: { priceMinor },
    });
    this.#versions.set(variantId, changed.version);
  }

  /** Calls one node directly, by default as a guest. */
  askNode<N extends ActionName>(
    nodeID: string,
    name: N,
    params: Input<N>,
    caller: Caller = guest,
  ): Promise<Result<N>> {
    return callShop(this.cluster.broker, name, params, { nodeID, meta: { caller } });
  }

  nodesOf(service: keyof NodeCounts): string[] {
    return this.cluster.nodes
      .map(({ plan }) => plan)
      .filter((plan) => plan.kind === service)
      .map(({ name }) => name);
  }
}

/** Statistics of a stream of requests. */
export interface StreamReport {
  readonly count: number;
  readonly slowestMs: number;
  readonly failures: readonly string[];
}

const lanes = 4;
const breathMs = 5;

/** Sends requests steadily in several lanes until it is stopped. */
export class Stream {
  readonly #running: Promise<unknown>;
  readonly #failures: string[] = [];
  #count = 0;
  #slowestMs = 0;
  #ended = false;

  /** @param ask receives the request's number; a rejection counts as a failure */
  constructor(ask: (number: number) => Promise<unknown>) {
    this.#running = Promise.all(Array.from({ length: lanes }, (_, lane) => this.#run(lane, ask)));
  }

  /** Resolves after this many more responses. */
  async answered(more: number): Promise<void> {
    const enough = this.#count + more;
    await until(() => this.#count >= enough);
  }

  /** Figures since the start or the last call. */
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

/** Prints a measured figure, for documentation. */
export function tell(figure: string): void {
  process.stdout.write(`    ${figure}\n`);
}
