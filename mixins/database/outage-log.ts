import { outageOf, type OutageKind } from "./database-errors.ts";

const logIntervalMs = 60_000;

/** Logs why the database is unavailable: each kind of cause at most once a minute. */
export class OutageLog {
  readonly #log: (line: string) => void;
  readonly #loggedAt = new Map<OutageKind, number>();

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  /** @param error of a statement; ignored unless it means unavailability */
  record(error: unknown, now = Date.now()): void {
    const outage = outageOf(error);
    if (!outage || now - (this.#loggedAt.get(outage.kind) ?? -Infinity) < logIntervalMs) return;
    this.#loggedAt.set(outage.kind, now);
    this.#log(`${outage.kind}: ${outage.message}`);
  }
}
