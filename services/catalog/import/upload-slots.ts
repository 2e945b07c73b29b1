/** How many uploads a node takes at once: what the network brings faster than the database takes it waits in memory. */
export class UploadSlots {
  #free: number;

  constructor(slots: number) {
    this.#free = slots;
  }

  /** @returns a slot, given back when it is disposed of; undefined when all are taken */
  take(): Disposable | undefined {
    if (this.#free === 0) return undefined;
    this.#free -= 1;
    return {
      [Symbol.dispose]: () => {
        this.#free += 1;
      },
    };
  }
}
