import { z } from "zod";

const probability = z.number().min(0).max(1).default(0);
const milliseconds = z.int().min(0).max(60_000).default(0);

/** What goes wrong at the provider, each by its probability. Times are milliseconds. */
export const pspFaults = z.strictObject({
  /** The same faults in the same order, for the same requests. */
  seed: z.int().min(0).default(1),
  /** Answers 500 and has done nothing. */
  fail: probability,
  /** Does what was asked for and answers 500. */
  loseAnswer: probability,
  /** Answers after `slowMs`. */
  slow: probability,
  slowMs: milliseconds.default(1000),
  /** Payments that fail although the customer pays, and refunds that the bank declines. */
  declinePayment: probability,
  declineRefund: probability,
  /** A webhook comes twice. */
  duplicate: probability,
  /** A webhook's first delivery is lost; it is delivered again after a pause. */
  drop: probability,
  /** A webhook comes up to `delayMs` late, so that others overtake it. */
  delay: probability,
  delayMs: milliseconds.default(1000),
  /** No webhook is sent until they are released. */
  hold: z.boolean().default(false),
});

export type PspFaults = z.output<typeof pspFaults>;

/** The faults that are on, and the seeded dice that decide when they strike. */
export class FaultDice {
  faults: PspFaults = pspFaults.parse({});
  /** How often each fault has struck. */
  readonly struck: Record<string, number> = {};
  #state = 1;

  set(faults: PspFaults): void {
    this.faults = faults;
    this.#state = faults.seed;
  }

  strikes(fault: "fail" | "loseAnswer" | "slow" | "declinePayment" | "declineRefund" | "duplicate" | "drop" | "delay"): boolean {
    const chance = this.faults[fault];
    if (chance === 0 || this.random() >= chance) return false;
    this.struck[fault] = (this.struck[fault] ?? 0) + 1;
    return true;
  }

  /** A number from 0 up to 1 (mulberry32). */
  random(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
