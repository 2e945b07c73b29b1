import { createServer } from "node:net";
import { StackError } from "./stack-error.ts";

/** What needs a port. RabbitMQ has three: for clients, for Erlang's distribution, and for the Erlang port mapper. */
export const portNames = ["amqp", "erlang", "epmd", "redis", "primary", "replica-1", "replica-2"] as const;
export type PortName = (typeof portNames)[number];
export type Ports = Record<PortName, number>;

// Below the range that Linux gives to outgoing connections (32768 and up): a port remembered there
// could be some client's at the next start.
const lowest = 20_000;
const highest = 32_000;

/** A complete set of ports: the remembered ones, except that each in `renew` which is missing or taken is chosen anew. */
export async function choosePorts(remembered: Partial<Ports>, renew: readonly PortName[]): Promise<Ports> {
  const ports = { ...remembered };
  for (const name of renew) {
    const port = ports[name];
    if (port === undefined || !(await isFree(port))) ports[name] = await freePort(Object.values(ports));
  }
  return ports as Ports;
}

async function freePort(taken: number[]): Promise<number> {
  for (let tries = 0; tries < 200; tries++) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (!taken.includes(port) && (await isFree(port))) return port;
  }
  throw new StackError(`Found no free port between ${lowest} and ${highest}`);
}

/** So many ports from the first on that nobody listens on. */
export async function freePortsFrom(first: number, count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let port = first; ports.length < count && port <= 65_535; port += 1) if (await isFree(port)) ports.push(port);
  return ports;
}

/** True when a server could listen there now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
