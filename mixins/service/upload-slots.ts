/**
 * Bounds concurrent uploads per node: data that the network delivers faster than the database stores it is
 * buffered in memory.
 */
export class UploadSlots {
  #free: number;

  constructor(slots: number) {
    this.#free = slots;
  }

  /** @returns a slot, released on disposal; undefined when all are in use */
  tryAcquire(): Disposable | undefined {
    if (this.#free === 0) return undefined;
    this.#free -= 1;
    return {
      [Symbol.dispose]: () => {
        this.#free += 1;
      },
    };
  }
}
