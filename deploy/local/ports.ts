import { createServer } from "node:net";
import { StackError } from "./stack-error.ts";

/** Users of ports. RabbitMQ has three: clients, Erlang distribution, and the Erlang port mapper. */
export const portNames = ["amqp", "erlang", "epmd", "redis", "primary", "replica-1", "replica-2"] as const;
export type PortName = (typeof portNames)[number];
export type Ports = Record<PortName, number>;

// Below Linux's range for outgoing connections (32768 and up): a remembered port there could be in use at the
// next start.
const lowest = 20_000;
const highest = 32_000;
const firstEphemeralPort = 32_768;

/**
 * A complete set of ports: remembered ones, with new ones for those in `renew` that are missing or in use.
 */
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

/** True for ports of outgoing connections, which a server cannot rely on. */
export const isEphemeralPort = (port: number): boolean => port >= firstEphemeralPort;

/** The first `count` free ports from `first` on; elsewhere if these are ports of outgoing connections. */
export async function freePortsFrom(first: number, count: number): Promise<number[]> {
  const ports: number[] = [];
  const from = isEphemeralPort(first + count)
    ? lowest + Math.floor(Math.random() * (highest - lowest))
    : first;
  for (let port = from; ports.length < count && port <= 65_535; port += 1)
    if (await isFree(port)) ports.push(port);
  return ports;
}

/** True when a server could listen on it now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
