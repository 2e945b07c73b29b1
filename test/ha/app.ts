import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installedServiceNames } from "../../config/index.ts";
import { memoryFlags } from "../../services/node/node-flags.ts";
import { until } from "../cluster/processes.ts";
import { noUnpaidLimits } from "../support/no-unpaid-limits.ts";
import { killTree, Machine } from "./machine.ts";
import { addresses } from "./network.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** Every machine runs a gateway and a node with the other services. */
const roles = {
  gateway: "api",
  services: installedServiceNames({})
    .filter((name) => name !== "api")
    .join(","),
} as const;
export type Role = keyof typeof roles;
export const roleNames = Object.keys(roles) as Role[];

/** A machine with a gateway and a node of the shop's services. */
export class App {
  readonly machine: Machine;
  readonly #settings: Readonly<Record<string, string | undefined>>;
  readonly #nodes = new Map<Role, ChildProcess>();

  constructor(
    run: number,
    number: 1 | 2,
    directory: string,
    settings: Readonly<Record<string, string | undefined>>,
  ) {
    this.machine = new Machine(run, `app-${number}`, directory);
    this.#settings = settings;
  }

  /** Starts stopped nodes; with another version of the shop if its root is given. */
  start(version = root): void {
    for (const role of roleNames) if (!this.#isUp(role)) this.#start(role, version);
  }

  /** Crashes a node. */
  async kill(role: Role): Promise<void> {
    const node = this.#nodes.get(role);
    if (node) await killTree(node);
  }

  /**
   * Stops a node and resolves after its exit.
   *
   * @returns its exit code
   */
  async stop(role: Role): Promise<number | null> {
    const node = this.#nodes.get(role);
    if (!node || !this.#isUp(role)) return null;
    const gone = once(node, "exit");
    node.kill("SIGTERM");
    const [code] = (await gone) as [number | null];
    return code;
  }

  /** Resolves when its gateway is ready. */
  async untilReady(): Promise<void> {
    await until(() => this.isReady());
  }

  async isReady(): Promise<boolean> {
    const url = `http://${this.machine.address}:3000/health/ready`;
    return fetch(url, { signal: AbortSignal.timeout(3000) }).then(
      async (response) => {
        await response.arrayBuffer();
        return response.ok;
      },
      () => false,
    );
  }

  #isUp(role: Role): boolean {
    const node = this.#nodes.get(role);
    return node !== undefined && node.exitCode === null && node.signalCode === null;
  }

  #start(role: Role, version: string): void {
    const env = {
      ...this.#settings,
      SERVICES: roles[role],
      NODE_ID: `${role}.${this.machine.name}`,
      // All load comes from one machine.
      RATE_LIMIT_EXEMPT: "0.0.0.0/0",
      ...noUnpaidLimits,
      TRUSTED_PROXIES: `${addresses["front-1"]},${addresses["front-2"]}`,
    };
    this.#nodes.set(
      role,
      this.machine.start(
        role,
        [process.execPath, ...memoryFlags, join(version, "services/node/main.js")],
        env,
      ),
    );
  }
}
