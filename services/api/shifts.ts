/** So long requests are worked on before the process looks round, in milliseconds. */
const shiftMs = 2;
/** More than so many are not begun in a shift, however quick they are. */
const mostInShift = 32;

/**
 * Lets requests begin in short shifts, and in the order in which they came. Between two of them the process looks round:
 * for requests that have arrived, messages, timers, and above all for new connections, of which it accepts a single one each
 * time. Without this a busy process begins whatever it has read before it looks round, and a hundred connections that are
 * opened at once wait for a hundred such rounds, without being seen by anyone.
 */
export class Shifts {
  readonly #now: () => number;
  readonly #waiting: (() => void)[] = [];
  /** When this shift is over; undefined before anybody has begun in it. */
  #until: number | undefined;
  #isCalling = false;

  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** How many wait for their turn. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** @returns undefined when it may begin at once, as it mostly may; otherwise what resolves when it may */
  turn(): Promise<void> | undefined {
    if (this.#waiting.length === 0 && !this.#isOver()) return undefined;
    return new Promise((begin) => {
      this.#waiting.push(begin);
      this.#call();
    });
  }

  #isOver(): boolean {
    const now = this.#now();
    if (this.#until === undefined) {
      this.#until = now + shiftMs;
      setImmediate(() => {
        this.#until = undefined;
      });
    }
    return now >= this.#until;
  }

  /** What is begun runs between two immediates; those that are asked for meanwhile come after the process has looked round. */
  #call(): void {
    if (this.#isCalling || this.#waiting.length === 0) return;
    this.#isCalling = true;
    const next = () => {
      if (this.#waiting.length > 0 && !this.#isOver()) this.#waiting.shift()?.();
    };
    for (let count = Math.min(mostInShift, this.#waiting.length); count > 0; count -= 1) setImmediate(next);
    setImmediate(() => {
      this.#isCalling = false;
      this.#call();
    });
  }
}
