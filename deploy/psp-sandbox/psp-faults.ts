import { z } from "zod";

const probability = z.number().min(0).max(1).default(0);
const milliseconds = z.int().min(0).max(60_000).default(0);

/** Faults of the provider with their probabilities. Times are milliseconds. */
export const pspFaults = z.strictObject({
  /** The same seed yields the same faults for the same requests. */
  seed: z.int().min(0).default(1),
  /** Responds 500 without an effect. */
  fail: probability,
  /** Takes effect and responds 500. */
  loseAnswer: probability,
  /** Responds after `slowMs`. */
  slow: probability,
  slowMs: milliseconds.default(1000),
  /** Payments that fail although the customer pays, and refunds that the bank declines. */
  declinePayment: probability,
  declineRefund: probability,
  /** A webhook is sent twice. */
  duplicate: probability,
  /** A webhook's first delivery is lost; it is retried after a pause. */
  drop: probability,
  /** A webhook is up to `delayMs` late, so that others overtake it. */
  delay: probability,
  delayMs: milliseconds.default(1000),
  /** Holds webhooks until they are released. */
  hold: z.boolean().default(false),
});

export type PspFaults = z.output<typeof pspFaults>;

/** Enabled faults and the seeded generator that triggers them. */
export class FaultInjector {
  faults: PspFaults = pspFaults.parse({});
  /** Number of occurrences of each fault. */
  readonly struck: Record<string, number> = {};
  #state = 1;

  set(faults: PspFaults): void {
    this.faults = faults;
    this.#state = faults.seed;
  }

  injects(
    fault:
      | "fail"
      | "loseAnswer"
      | "slow"
      | "declinePayment"
      | "declineRefund"
      | "duplicate"
      | "drop"
      | "delay",
  ): boolean {
    const chance = this.faults[fault];
    if (chance === 0 || this.random() >= chance) return false;
    this.struck[fault] = (this.struck[fault] ?? 0) + 1;
    return true;
  }

  /** A pseudo-random number in [0, 1) (mulberry32). */
  random(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
