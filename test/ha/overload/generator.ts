import { setTimeout as sleep } from "node:timers/promises";
import { Connection, type Answer } from "./connection.ts";

/** What became of the requests of a period. */
export interface Period {
  readonly seconds: number;
  /** How many were to be sent. */
  readonly offered: number;
  /** In milliseconds, of those that were answered with what they asked for. */
  readonly granted: readonly number[];
  /** Answered with 503. */
  readonly refused: number;
  /** Not answered at all, or not sent for want of a connection. */
  readonly lost: number;
}

const mostConnections = 2000;
const tickMs = 5;

/** Asks for what nothing keeps: each time for something else. */
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

  /** Opens all connections, one after the other, so that what is measured begins with the first request. */
  async connect(): Promise<void> {
    while (this.#open < mostConnections) {
      const connection = new Connection(this.#port);
      await connection.opened();
      this.#open += 1;
      this.#idle.push(connection);
    }
  }

  /** Sends the next request as soon as one is answered, on each of some connections. */
  async saturate(connections: number, seconds: number): Promise<Period> {
    const counts = new Counts();
    const end = performance.now() + seconds * 1000;
    const lane = async () => {
      while (performance.now() < end) {
        const { promise, resolve } = Promise.withResolvers<Answer>();
        this.#send(resolve);
        counts.add(await promise);
      }
    };
    await Promise.all(Array.from({ length: connections }, lane));
    return counts.period(seconds);
  }

  /** Sends so many requests per second, whatever becomes of them. */
  async press(perSecond: number, seconds: number): Promise<Period> {
    const counts = new Counts();
    const began = performance.now();
    let sent = 0;
    const underWay = new Set<object>();
    for (let now = began; now < began + seconds * 1000; now = performance.now()) {
      for (const due = ((now - began) / 1000) * perSecond; sent < due; sent += 1) {
        const request = {};
        underWay.add(request);
        this.#send((answer) => {
          underWay.delete(request);
          counts.add(answer);
        });
      }
      await sleep(tickMs);
    }
    while (underWay.size > 0) await sleep(tickMs);
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
    if (this.#open >= mostConnections) return undefined;
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
    return { seconds, offered: this.#offered, granted: this.#granted, refused: this.#refused, lost: this.#lost };
  }
}

/** The time within which this share of them was answered, in milliseconds. */
export function quantile({ granted }: Period, share: number): number {
  const sorted = granted.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.POSITIVE_INFINITY;
}
