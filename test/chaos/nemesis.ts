import { setTimeout as sleep } from "node:timers/promises";
import { withTimeout } from "../../mixins/support/with-timeout.ts";
import type { Fault, PlannedFault } from "./fault-kinds.ts";
import { describe, resourceOf } from "./fault-kinds.ts";
import type { ShopUnderChaos } from "./shop-under-chaos.ts";
import { injectFault } from "./strike.ts";

/** An injected fault with its start and end (ms since the Unix epoch); without an end it still lasts. */
export interface InjectedFault {
  readonly fault: Fault;
  readonly from: number;
  until: number;
}

/** Time limit of a recovery. */
const recoveryTimeoutMs = 180_000;

/** Injects planned faults, each at its time, or as soon as its target has recovered from the previous one. */
export class Nemesis {
  readonly injected: InjectedFault[] = [];
  /** Faults that could not be injected, and why. */
  readonly failures: string[] = [];
  readonly #shop: ShopUnderChaos;
  readonly #log: (line: string) => void;

  constructor(shop: ShopUnderChaos, log: (line: string) => void) {
    this.#shop = shop;
    this.#log = log;
  }

  /** Resolves when all faults are over and healed; on abort, when the started ones are healed. */
  async run(plan: readonly PlannedFault[], signal?: AbortSignal): Promise<void> {
    const pause = (ms: number) => sleep(ms, undefined, { signal }).catch(() => undefined);
    const began = Date.now();
    const seconds = () => ((Date.now() - began) / 1000).toFixed(1).padStart(6);
    const lastOf = new Map<string, Promise<void>>();
    for (const { at, lastsMs, fault } of plan) {
      await pause(began + at - Date.now());
      if (signal?.aborted) break;
      const resource = resourceOf(fault);
      const before = lastOf.get(resource) ?? Promise.resolve();
      const name = `${describe(fault)}${lastsMs > 0 ? ` for ${(lastsMs / 1000).toFixed(1)} s` : ""}`;
      const injectNext = async () => {
        await before;
        if (signal?.aborted) return;
        this.#log(`${seconds()} s  ${name}`);
        await this.#inject(fault, () => pause(lastsMs)).catch((error: unknown) =>
          this.failures.push(`${name}: ${String(error)}`),
        );
      };
      lastOf.set(resource, injectNext());
    }
    await Promise.all(lastOf.values());
  }

  async #inject(fault: Fault, lasts: () => Promise<void>): Promise<void> {
    const injectedFault: InjectedFault = { fault, from: Date.now(), until: Number.POSITIVE_INFINITY };
    const recover = await injectFault(fault, this.#shop);
    this.injected.push(injectedFault);
    await lasts();
    await withTimeout(recoveryTimeoutMs, recover());
    injectedFault.until = Date.now();
  }
}
