import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { observe } from "../../deploy/local/processes.ts";

/**
 * A separate network per run: a switch and its machines, in namespaces named after the run's process id, so
 * that the next run finds and removes leftovers.
 */

const family = "shop-ha";
const ownTraces = new RegExp(`^${family}-(\\d+)-`);

/** The network that all machines are in. */
export const subnet = "10.77.0";
/** The address for clients. */
export const sharedAddress = `${subnet}.10`;

export const addresses = {
  "front-1": `${subnet}.11`,
  "front-2": `${subnet}.12`,
  "app-1": `${subnet}.21`,
  "app-2": `${subnet}.22`,
  servers: `${subnet}.30`,
  client: `${subnet}.100`,
} as const;
export type MachineName = keyof typeof addresses;
export const machineNames = Object.keys(addresses) as MachineName[];

export const namespaceOf = (run: number, name: MachineName | "switch") => `${family}-${run}-${name}`;

function ip(...args: string[]): string {
  return execFileSync("ip", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** Creates the switch and the connected machines of this run. */
export function makeNetwork(run: number): void {
  const hub = namespaceOf(run, "switch");
  ip("netns", "add", hub);
  ip("-n", hub, "link", "add", "hub", "type", "bridge");
  ip("-n", hub, "link", "set", "hub", "up");
  for (const name of machineNames) {
    const machine = namespaceOf(run, name);
    ip("netns", "add", machine);
    ip("-n", hub, "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", machine);
    ip("-n", hub, "link", "set", name, "master", "hub", "up");
    ip("-n", machine, "link", "set", "lo", "up");
    ip("-n", machine, "addr", "add", `${addresses[name]}/24`, "dev", "eth0");
    ip("-n", machine, "link", "set", "eth0", "up");
  }
}

/** Connects or disconnects a machine's cable at the switch, so that the machine sees a lost carrier. */
export function setPlugged(run: number, name: MachineName, plugged: boolean): void {
  ip("-n", namespaceOf(run, "switch"), "link", "set", name, plugged ? "up" : "down");
}

/** Ends every process on the machines of a run and removes them, with the switch. */
export async function removeNetwork(run: number): Promise<void> {
  for (const namespace of namespaces(run)) await endAllIn(namespace);
  for (const namespace of namespaces(run)) ip("netns", "del", namespace);
}

/** Removes leftovers of killed runs. */
export async function removeLeftovers(): Promise<void> {
  const runs = new Set(namespaces().map((name) => Number(ownTraces.exec(name)?.[1])));
  for (const run of runs) if (run !== process.pid && !observe(run)) await removeNetwork(run);
}

/** The processes on a machine. */
export function processesOn(run: number, name: MachineName): number[] {
  return pidsIn(namespaceOf(run, name));
}

function namespaces(run?: number): string[] {
  const listed = ip("netns", "list")
    .split("\n")
    .map((line) => line.split(" ")[0] ?? "");
  return listed.filter(
    (name) => ownTraces.test(name) && (run === undefined || name.startsWith(`${family}-${run}-`)),
  );
}

function pidsIn(namespace: string): number[] {
  return ip("netns", "pids", namespace)
    .split("\n")
    .filter(Boolean)
    .map(Number)
    .filter((pid) => pid !== process.pid);
}

async function endAllIn(namespace: string): Promise<void> {
  for (;;) {
    const pids = pidsIn(namespace);
    if (pids.length === 0) return;
    for (const pid of pids)
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has exited already.
      }
    await sleep(20);
  }
}
