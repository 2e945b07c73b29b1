import { setTimeout as sleep } from "node:timers/promises";

/** Longer than a server has to end in good order before it is killed. */
const patienceMs = 90_000;

/** Clean-up of a run. A failing or hanging step does not prevent the others. */
export class Teardown {
  readonly #steps: { readonly what: string; readonly undo: () => unknown }[] = [];
  #running: Promise<string[]> | undefined;

  /** @param what the resource, for messages */
  defer(what: string, undo: () => unknown): void {
    this.#steps.push({ what, undo });
  }

  /**
   * Runs all steps in reverse order, once for all callers.
   *
   * @param withinMs time limit per step
   * @returns the resources left, with reasons
   */
  run(withinMs = patienceMs): Promise<string[]> {
    return (this.#running ??= this.#run(withinMs));
  }

  async #run(withinMs: number): Promise<string[]> {
    const left: string[] = [];
    for (const { what, undo } of this.#steps.toReversed()) {
      const timer = new AbortController();
      // A referenced timer: a hanging step may not keep the process alive by itself.
      const late = sleep(withinMs, `it takes longer than ${withinMs / 1000} s`, {
        signal: timer.signal,
      }).catch(() => undefined);
      const done = Promise.resolve()
        .then(undo)
        .then(
          () => undefined,
          (error: unknown) => String(error),
        );
      const why = await Promise.race([done, late]);
      timer.abort();
      if (why !== undefined) left.push(`${what}: ${why}`);
    }
    return left;
  }
}
