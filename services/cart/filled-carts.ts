/** Counts how often an empty cart got its first item, until the next report. */
export class FilledCarts {
  #count = 0;

  add(): void {
    this.#count += 1;
  }

  /** The number since the last call. */
  take(): number {
    const count = this.#count;
    this.#count = 0;
    return count;
  }
}
