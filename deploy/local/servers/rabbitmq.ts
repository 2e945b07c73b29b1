import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { join } from "node:path";
import { exists, inside } from "../directory.ts";
import { addressesOf, writePrivately, type StackSettings } from "../state.ts";
import { configuration, type Server } from "./server.ts";

/** The part of amqplib, which brings no types, that is used here. */
interface Amqp {
  connect(url: string, socketOptions: { timeout: number }): Promise<{ close(): Promise<void>; on(event: "error", listener: () => void): void }>;
}
const amqp = createRequire(import.meta.url)("amqplib") as Amqp;

export function amqpUrl(settings: StackSettings, host = "127.0.0.1"): string {
  return `amqp://shop:${settings.secrets.amqp}@${host}:${settings.ports.amqp}`;
}

/**
 * Erlang's port mapper, on a port of its own. A RabbitMQ node starts one when it finds none, and that one would
 * outlive it unnoticed; and the machine's own, if there is one, is none of the stack's business.
 */
export function epmdServer(settings: StackSettings): Server {
  return {
    name: "epmd",
    port: settings.ports.epmd,
    patienceMs: 10_000,
    prepare: async () => undefined,
    command: (programs) => ({ command: programs.epmd, args: ["-address", "127.0.0.1", "-port", String(settings.ports.epmd)], cwd: settings.directory }),
    check: () => namesFrom(settings.ports.epmd),
  };
}

/** One RabbitMQ node, its Erlang node name, cookie, distribution port and data its own. `epmdServer` must run. */
export function rabbitmqServer(settings: StackSettings): Server {
  const home = inside(settings.directory).home("rabbitmq");
  const configFile = join(home, "rabbitmq.conf");
  const pluginsFile = join(home, "enabled_plugins");
  const cookieFile = join(home, ".erlang.cookie");
  return {
    name: "rabbitmq",
    port: settings.ports.amqp,
    patienceMs: 90_000,
    prepare: async () => {
      await mkdir(home, { recursive: true });
      const listeners = addressesOf(settings).map((address, index) => `listeners.tcp.${index} = ${address}:${settings.ports.amqp}`);
      const values = { listeners: listeners.join("\n"), password: settings.secrets.amqp };
      await writePrivately(configFile, await configuration(["rabbitmq/shop.conf", "local/config/rabbitmq.conf"], values));
      await writePrivately(pluginsFile, "[].\n");
      if (!(await exists(cookieFile))) await writePrivately(cookieFile, settings.secrets.cookie);
    },
    command: (programs) => ({
      command: programs.rabbitmq,
      args: [],
      cwd: home,
      env: {
        HOME: home, // the cookie is read from there
        ERL_EPMD_PORT: String(settings.ports.epmd),
        ERL_EPMD_ADDRESS: "127.0.0.1",
        ERL_CRASH_DUMP: join(home, "erl_crash.dump"),
        // The name is part of the data; with a port mapper of its own it cannot meet a namesake.
        RABBITMQ_NODENAME: "shop@localhost",
        RABBITMQ_DIST_PORT: String(settings.ports.erlang),
        RABBITMQ_CONFIG_FILE: configFile,
        RABBITMQ_ADVANCED_CONFIG_FILE: join(home, "advanced.config"), // none: but not the system's either
        RABBITMQ_CONF_ENV_FILE: "/dev/null",
        RABBITMQ_ENABLED_PLUGINS_FILE: pluginsFile,
        RABBITMQ_FEATURE_FLAGS_FILE: join(home, "feature_flags"),
        RABBITMQ_MNESIA_BASE: home,
        RABBITMQ_MNESIA_DIR: join(home, "data"),
        RABBITMQ_GENERATED_CONFIG_DIR: join(home, "generated"),
        RABBITMQ_PLUGINS_EXPAND_DIR: join(home, "plugins"),
        RABBITMQ_LOG_BASE: inside(settings.directory).logs,
        RABBITMQ_LOGS: "-",
        RABBITMQ_PID_FILE: join(home, "rabbitmq.pid"),
        // The start script becomes the Erlang machine instead of waiting beside it: one process, one pid,
        // and SIGTERM ends it in good order.
        RABBITMQ_ALLOW_INPUT: "1",
        // Listens for Erlang nodes on this machine only; does not burn idle cores waiting for work.
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-noinput -kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
      },
    }),
    check: async () => {
      const connection = await amqp.connect(amqpUrl(settings), { timeout: 3_000 });
      connection.on("error", () => undefined);
      await connection.close();
    },
  };
}

/** Asks the port mapper for its list of nodes. */
function namesFrom(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const namesRequest = Buffer.from([0, 1, "n".charCodeAt(0)]);
    const socket = connect({ port, host: "127.0.0.1", timeout: 2_000 }, () => socket.write(namesRequest));
    socket.once("data", () => {
      socket.destroy();
      resolve();
    });
    socket.once("timeout", () => socket.destroy(new Error("no answer")));
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("closed without an answer")));
  });
}
