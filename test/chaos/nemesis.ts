import { setTimeout as sleep } from "node:timers/promises";
import type { Fault, PlannedFault } from "./fault-kinds.ts";
import { describe, resourceOf } from "./fault-kinds.ts";
import type { ShopUnderChaos } from "./shop-under-chaos.ts";
import { strike } from "./strike.ts";

/** A fault that happened, from when until when (ms since 1970); it goes on while there is no end. */
export interface Misfortune {
  readonly fault: Fault;
  readonly from: number;
  until: number;
}

/** Lets planned faults happen, each at its time, or as soon as what it hits has recovered from the one before. */
export class Nemesis {
  readonly misfortunes: Misfortune[] = [];
  /** What could not be done, and why. */
  readonly failures: string[] = [];
  readonly #shop: ShopUnderChaos;
  readonly #tell: (line: string) => void;

  constructor(shop: ShopUnderChaos, tell: (line: string) => void) {
    this.#shop = shop;
    this.#tell = tell;
  }

  /** Resolves when all of them are over. */
  async unleash(plan: readonly PlannedFault[]): Promise<void> {
    const began = Date.now();
    const seconds = () => ((Date.now() - began) / 1000).toFixed(1).padStart(6);
    const lastOf = new Map<string, Promise<void>>();
    for (const { at, lastsMs, fault } of plan) {
      await sleep(began + at - Date.now());
      const resource = resourceOf(fault);
      const before = lastOf.get(resource) ?? Promise.resolve();
      const name = `${describe(fault)}${lastsMs > 0 ? ` for ${(lastsMs / 1000).toFixed(1)} s` : ""}`;
      const turn = async () => {
        await before;
        this.#tell(`${seconds()} s  ${name}`);
        await this.#happen(fault, lastsMs).catch((error: unknown) => this.failures.push(`${name}: ${String(error)}`));
      };
      lastOf.set(resource, turn());
    }
    await Promise.all(lastOf.values());
  }

  async #happen(fault: Fault, lastsMs: number): Promise<void> {
    const misfortune: Misfortune = { fault, from: Date.now(), until: Number.POSITIVE_INFINITY };
    const heal = await strike(fault, this.#shop);
    this.misfortunes.push(misfortune);
    await sleep(lastsMs);
    await heal();
    misfortune.until = Date.now();
  }
}
