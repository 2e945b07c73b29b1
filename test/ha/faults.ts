import type { ServiceBroker } from "moleculer";
import { knownNodes } from "../../services/node/registry.ts";
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

/** Something that happens to the site. */
export interface Fault {
  readonly title: string;
  readonly strike: (site: Site) => Promise<void> | void;
  /** Whether the address that clients know has to move. */
  readonly movesAddress: boolean;
  /** How long it stays like that before it is mended. */
  readonly seconds: number;
  readonly mend: (site: Site) => Promise<void> | void;
  /** Kinds of requests of which none may fail. */
  readonly noFailures: readonly string[];
  /** Part of the short version. */
  readonly short: boolean;
}

const repeatable = ["reads", "orders, with a key"];
const everything = [...repeatable, "changes, without"];

/** While nothing is broken, nothing fails. */
export const nothing: Fault = {
  title: "nothing",
  strike: () => undefined,
  movesAddress: false,
  seconds: 4,
  mend: () => undefined,
  noFailures: everything,
  short: true,
};

export const faults: readonly Fault[] = [
  {
    title: "kill nginx on the master",
    strike: ({ fronts: [master] }) => master.killNginx(),
    movesAddress: true,
    seconds: 4,
    mend: ({ fronts: [master] }) => master.start(),
    noFailures: [],
    short: true,
  },
  {
    title: "kill keepalived on the master",
    strike: ({ fronts: [master] }) => master.killKeepalived(),
    movesAddress: true,
    seconds: 4,
    mend: ({ fronts: [master] }) => master.start(),
    noFailures: [],
    short: false,
  },
  {
    title: "pull out the master's cable",
    strike: ({ fronts: [master] }) => master.machine.setPlugged(false),
    movesAddress: true,
    seconds: 4,
    mend: ({ fronts: [master] }) => master.machine.setPlugged(true),
    noFailures: [],
    short: false,
  },
  {
    title: "kill a gateway",
    strike: ({ apps: [app] }) => app.kill("gateway"),
    movesAddress: false,
    seconds: 4,
    mend: ({ apps: [app] }) => app.start(),
    noFailures: repeatable,
    short: true,
  },
  {
    title: "kill a service node",
    strike: ({ apps: [app] }) => app.kill("services"),
    movesAddress: false,
    seconds: 6,
    mend: ({ apps: [app] }) => app.start(),
    noFailures: repeatable,
    short: true,
  },
  {
    title: "cut the power of an app machine",
    strike: ({ apps: [app] }) => app.machine.cutPower(),
    movesAddress: false,
    seconds: 14,
    mend: ({ apps: [app] }) => {
      app.machine.setPlugged(true);
      app.start();
    },
    noFailures: ["reads"],
    short: false,
  },
  {
    title: "stop a gateway in good order",
    strike: async ({ apps: [app] }) => {
      await app.stop("gateway");
    },
    movesAddress: false,
    seconds: 1,
    mend: ({ apps: [app] }) => app.start(),
    noFailures: everything,
    short: true,
  },
  {
    title: "stop a service node in good order",
    strike: async ({ apps: [app] }) => {
      await app.stop("services");
    },
    movesAddress: false,
    seconds: 1,
    mend: ({ apps: [app] }) => app.start(),
    noFailures: everything,
    short: false,
  },
];

/** Resolves when everything is where it belongs: all nodes there, all gateways ready, the address at the master alone. */
export async function untilWell({ fronts: [master, backup], apps, operator }: Site): Promise<void> {
  const expected = apps.flatMap(({ machine }) => roleNames.map((role) => `${role}.${machine.name}`));
  const isThere = (id: string) => knownNodes(operator).some((node) => node.id === id && node.services.length > 0);
  await until(() => expected.every(isThere));
  await Promise.all(apps.map((app) => app.untilReady()));
  await until(() => master.hasSharedAddress() && !backup.hasSharedAddress());
}
