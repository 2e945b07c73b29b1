import type { ServiceBroker } from "moleculer";
import { knownNodes } from "../../services/operations/console/known-nodes.ts";
import { until } from "../cluster/processes.ts";
import { roleNames, type App } from "./app.ts";
import type { Front } from "./front.ts";

/** The machines of a run. */
export interface Site {
  readonly fronts: readonly [Front, Front];
  readonly apps: readonly [App, App];
  /** A node without services, for the shop's operator. */
  readonly operator: ServiceBroker;
}

/** A fault of the site. */
export interface Fault {
  readonly title: string;
  readonly inject: (site: Site) => Promise<void> | void;
  /** Whether the shared address must move. */
  readonly movesAddress: boolean;
  /** Duration until it is repaired. */
  readonly seconds: number;
  readonly recover: (site: Site) => Promise<void> | void;
  /** Kinds of requests that must not fail. */
  readonly noFailures: readonly string[];
  /** Part of the short version. */
  readonly short: boolean;
}

const repeatable = ["reads", "orders, with a key"];
const everything = [...repeatable, "changes, without"];

/** Without a fault, no request fails. */
export const noFault: Fault = {
  title: "nothing",
  inject: () => undefined,
  movesAddress: false,
  seconds: 4,
  recover: () => undefined,
  noFailures: everything,
  short: true,
};

export const faults: readonly Fault[] = [
  {
    title: "kill nginx on the master",
    inject: ({ fronts: [master] }) => master.killNginx(),
    movesAddress: true,
    seconds: 4,
    recover: ({ fronts: [master] }) => master.start(),
    noFailures: [],
    short: true,
  },
  {
    title: "kill keepalived on the master",
    inject: ({ fronts: [master] }) => master.killKeepalived(),
    movesAddress: true,
    seconds: 4,
    recover: ({ fronts: [master] }) => master.start(),
    noFailures: [],
    short: false,
  },
  {
    title: "pull out the master's cable",
    inject: ({ fronts: [master] }) => master.machine.setPlugged(false),
    movesAddress: true,
    seconds: 4,
    recover: ({ fronts: [master] }) => master.machine.setPlugged(true),
    noFailures: [],
    short: false,
  },
  {
    title: "kill a gateway",
    inject: ({ apps: [app] }) => app.kill("gateway"),
    movesAddress: false,
    seconds: 4,
    recover: ({ apps: [app] }) => app.start(),
    noFailures: repeatable,
    short: true,
  },
  {
    title: "kill a service node",
    inject: ({ apps: [app] }) => app.kill("services"),
    movesAddress: false,
    seconds: 6,
    recover: ({ apps: [app] }) => app.start(),
    noFailures: repeatable,
    short: true,
  },
  {
    title: "cut the power of an app machine",
    inject: ({ apps: [app] }) => app.machine.cutPower(),
    movesAddress: false,
    seconds: 14,
    recover: ({ apps: [app] }) => {
      app.machine.setPlugged(true);
      app.start();
    },
    noFailures: ["reads"],
    short: false,
  },
  {
    title: "stop a gateway in good order",
    inject: async ({ apps: [app] }) => {
      await app.stop("gateway");
    },
    movesAddress: false,
    seconds: 1,
    recover: ({ apps: [app] }) => app.start(),
    noFailures: everything,
    short: true,
  },
  {
    title: "stop a service node in good order",
    inject: async ({ apps: [app] }) => {
      await app.stop("services");
    },
    movesAddress: false,
    seconds: 1,
    recover: ({ apps: [app] }) => app.start(),
    noFailures: everything,
    short: false,
  },
];

/**
 * Resolves when the site is healthy: all nodes and gateways are ready, and only the master has the address.
 */
export async function untilHealthy({ fronts: [master, backup], apps, operator }: Site): Promise<void> {
  const expected = apps.flatMap(({ machine }) => roleNames.map((role) => `${role}.${machine.name}`));
  const isThere = (id: string) =>
    knownNodes(operator).some((node) => node.id === id && node.services.length > 0);
  await until(() => expected.every(isThere));
  await Promise.all(apps.map((app) => app.untilReady()));
  await until(() => master.hasSharedAddress() && !backup.hasSharedAddress());
}
