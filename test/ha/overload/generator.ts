import { setTimeout as sleep } from "node:timers/promises";
import { Connection, type Answer } from "./connection.ts";

/** Results of a period. */
export interface Period {
  readonly seconds: number;
  /** Number of scheduled requests. */
  readonly offered: number;
  /** Response times of successful requests in milliseconds. */
  readonly granted: readonly number[];
  /** Responses with 503. */
  readonly refused: number;
  /** Without a response, or not sent for lack of a connection. */
  readonly lost: number;
}

const maxConnections = 2000;
const tickMs = 5;

/** Requests uncached resources, a different one each time. */
export class Generator {
  readonly #port: number;
  readonly #path: (number: number) => string;
  #idle: Connection[] = [];
  #open = 0;
  #count = 0;

  constructor(port: number, path: (number: number) => string) {
    this.#port = port;
    this.#path = path;
  }

  /** Opens all connections beforehand, so that the measurement starts with the first request. */
  async connect(): Promise<void> {
    while (this.#open < maxConnections) {
      const connection = new Connection(this.#port);
      await connection.opened();
      this.#open += 1;
      this.#idle.push(connection);
    }
  }

  /** Closed-loop load: each connection sends its next request after a response. */
  async saturate(connections: number, seconds: number): Promise<Period> {
    const counts = new Counts();
    const end = performance.now() + seconds * 1000;
    const worker = async () => {
      while (performance.now() < end) {
        const { promise, resolve } = Promise.withResolvers<Answer>();
        this.#send(resolve);
        counts.add(await promise);
      }
    };
    await Promise.all(Array.from({ length: connections }, worker));
    return counts.period(seconds);
  }

  /** Open-loop load at a constant rate, independent of responses. */
  async sendAtRate(perSecond: number, seconds: number): Promise<Period> {
    const counts = new Counts();
    const began = performance.now();
    let sent = 0;
    const inFlight = new Set<object>();
    for (let now = began; now < began + seconds * 1000; now = performance.now()) {
      for (const due = ((now - began) / 1000) * perSecond; sent < due; sent += 1) {
        const request = {};
        inFlight.add(request);
        this.#send((answer) => {
          inFlight.delete(request);
          counts.add(answer);
        });
      }
      await sleep(tickMs);
    }
    while (inFlight.size > 0) await sleep(tickMs);
    return counts.period(seconds);
  }

  close(): void {
    for (const connection of this.#idle) connection.close();
  }

  #send(done: (answer: Answer) => void): void {
    const connection = this.#connection();
    if (!connection) {
      done({ status: 0, tookMs: 0 });
      return;
    }
    connection.get(this.#path((this.#count += 1)), (answer) => {
      if (connection.isUsable) this.#idle.push(connection);
      else this.#open -= 1;
      done(answer);
    });
  }

  #connection(): Connection | undefined {
    for (let known = this.#idle.pop(); known; known = this.#idle.pop()) {
      if (known.isUsable) return known;
      this.#open -= 1;
    }
    if (this.#open >= maxConnections) return undefined;
    this.#open += 1;
    return new Connection(this.#port);
  }
}

class Counts {
  #offered = 0;
  readonly #granted: number[] = [];
  #refused = 0;
  #lost = 0;

  add({ status, tookMs }: Answer): void {
    this.#offered += 1;
    if (status === 200) this.#granted.push(tookMs);
    else if (status === 503) this.#refused += 1;
    else this.#lost += 1;
  }

  period(seconds: number): Period {
    return {
      seconds,
      offered: this.#offered,
      granted: this.#granted,
      refused: this.#refused,
      lost: this.#lost,
    };
  }
}

/** Percentile of the response times in milliseconds. */
export function quantile({ granted }: Period, share: number): number {
  const sorted = granted.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.POSITIVE_INFINITY;
}
