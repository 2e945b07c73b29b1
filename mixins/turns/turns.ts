import { ShopError } from "../../services/contract/errors.ts";

/** How work takes turns. */
export interface TurnRules<L extends string> {
  /** So much of it at once. */
  readonly concurrency: number;
  /** What share of the turns each lane gets while all of them are asked for; a lane that is empty leaves its share to the others. */
  readonly shares: Readonly<Record<L, number>>;
}

/** So many may wait in a lane, however slow the work is; more only where they would wait for no longer than this. */
const alwaysMayWait = 16;
const longestWaitMs = 1000;
/** Before it is known how long the work takes. */
const supposedMs = 50;
/** How much the last one counts for how long it takes. */
const weightOfLast = 0.1;
/** Those who are told to come again do not come all at once. */
const spreadSeconds = 3;

/** The work was not begun, and will not be. */
export class TurnRefused extends ShopError<"unavailable"> {
  constructor(waitMs: number) {
    const retryAfter = Math.ceil(waitMs / 1000) + Math.floor(Math.random() * spreadSeconds) || 1;
    super("unavailable", "There are too many of these at the moment", { retryAfter });
  }
}

interface Waiting {
  readonly begin: () => void;
  readonly refuse: (reason: TurnRefused) => void;
  /** When there is no sense in beginning it any more. */
  readonly until: number;
}

/**
 * A queue for work that costs much. Whoever could not be served in time is refused at once, so that they can come
 * again, instead of waiting in vain; and several lanes share the turns, so that a flood in one of them leaves the
 * others theirs.
 */
export class Turns<L extends string> {
  readonly #rules: TurnRules<L>;
  readonly #lanes: readonly { readonly name: L; readonly share: number; readonly waiting: Waiting[]; credit: number }[];
  readonly #now: () => number;
  #running = 0;
  #workMs = supposedMs;

  constructor(rules: TurnRules<L>, now = () => performance.now()) {
    this.#rules = rules;
    this.#now = now;
    this.#lanes = (Object.keys(rules.shares) as L[]).map((name) => ({ name, share: rules.shares[name], waiting: [], credit: 0 }));
  }

  /**
   * Does the work when it is its turn.
   *
   * @param patienceMs for how long whoever asked waits for the end of it
   * @throws TurnRefused when its turn would not come in time, or did not; and what the work throws
   */
  async take<T>(lane: L, patienceMs: number, work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#rules.concurrency) await this.#wait(lane, patienceMs);
    else this.#running += 1;
    const began = this.#now();
    try {
      return await work();
    } finally {
      this.#workMs += (this.#now() - began - this.#workMs) * weightOfLast;
      this.#running -= 1;
      this.#beginNext();
    }
  }

  #wait(lane: L, patienceMs: number): Promise<void> {
    const own = this.#lanes.find(({ name }) => name === lane);
    if (!own) throw new Error(`there is no lane ${lane}`);
    const waitMs = this.#expectedWait(own);
    const isInTime = waitMs + this.#workMs <= patienceMs;
    if (!isInTime || (own.waiting.length >= alwaysMayWait && waitMs > longestWaitMs)) throw new TurnRefused(waitMs);
    return new Promise((begin, refuse) => {
      own.waiting.push({ begin, refuse, until: this.#now() + patienceMs });
    });
  }

  /** Until the turn of whoever comes now, if nobody else came. */
  #expectedWait(own: { readonly share: number; readonly waiting: readonly Waiting[] }): number {
    const before = own.waiting.length;
    const others = this.#lanes.filter((lane) => lane !== own);
    const between = others.map(({ share, waiting }) => Math.min(waiting.length, Math.ceil(((before + 1) * share) / own.share)));
    const ahead = before + 1 + between.reduce((sum, count) => sum + count, 0);
    return (ahead * this.#workMs) / this.#rules.concurrency;
  }

  #beginNext(): void {
    this.#refuseLate();
    const asking = this.#lanes.filter(({ waiting }) => waiting.length > 0);
    const [first] = asking;
    if (!first) return;
    // Each gets credit by its share; the richest pays for the turn.
    let next = first;
    for (const lane of asking) {
      lane.credit += lane.share;
      if (lane.credit > next.credit) next = lane;
    }
    next.credit -= asking.reduce((sum, { share }) => sum + share, 0);
    this.#running += 1;
    next.waiting.shift()?.begin();
  }

  #refuseLate(): void {
    const latest = this.#now() + this.#workMs;
    for (const { waiting } of this.#lanes)
      for (let [first] = waiting; first && first.until < latest; [first] = waiting) {
        waiting.shift();
        first.refuse(new TurnRefused(0));
      }
  }
}
