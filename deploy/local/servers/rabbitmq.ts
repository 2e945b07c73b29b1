import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { exists, inside } from "../directory.ts";
import type { Programs } from "./database-dialect.ts";
import { environment } from "../processes.ts";
import { addressesOf, writePrivately, type StackSettings } from "../state.ts";
import { configuration, type Server } from "./server.ts";

/** The used part of amqplib, which has no types. */
interface Amqp {
  connect(
    url: string,
    socketOptions: { timeout: number },
  ): Promise<{ close(): Promise<void>; on(event: "error", listener: () => void): void }>;
}
const amqp = createRequire(import.meta.url)("amqplib") as Amqp;

/** Part of the data directory's name; the own port mapper prevents a clash. */
const nodeName = "shop@localhost";

export function amqpUrl(settings: StackSettings, host = "127.0.0.1"): string {
  return `amqp://shop:${settings.secrets.amqp}@${host}:${settings.ports.amqp}`;
}

/**
 * Erlang's port mapper on its own port. Otherwise a RabbitMQ node would start one that outlives it; the
 * machine's own is not touched.
 */
export function epmdServer(settings: StackSettings): Server {
  return {
    name: "epmd",
    port: settings.ports.epmd,
    patienceMs: 10_000,
    prepare: async () => undefined,
    command: (programs) => ({
      command: programs.epmd,
      args: ["-address", "127.0.0.1", "-port", String(settings.ports.epmd)],
      cwd: settings.directory,
    }),
    check: () => namesFrom(settings.ports.epmd),
  };
}

/** One RabbitMQ node with its own name, cookie, distribution port and data. Requires `epmdServer`. */
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
      const listeners = addressesOf(settings).map(
        (address, index) => `listeners.tcp.${index} = ${address}:${settings.ports.amqp}`,
      );
      const values = { listeners: listeners.join("\n"), password: settings.secrets.amqp };
      await writePrivately(
        configFile,
        await configuration(["rabbitmq/shop.conf", "local/config/rabbitmq.conf"], values),
      );
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
        RABBITMQ_NODENAME: nodeName,
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
        // Makes the start script exec the Erlang VM: one process, one pid, and SIGTERM stops it gracefully.
        RABBITMQ_ALLOW_INPUT: "1",
        // Local Erlang nodes only; no busy waiting on idle cores.
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
          "-noinput -kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
      },
    }),
    check: async () => {
      const connection = await amqp.connect(amqpUrl(settings), { timeout: 3_000 });
      connection.on("error", () => undefined);
      await connection.close();
    },
  };
}

/**
 * Runs rabbitmqctl on the running server.
 *
 * @returns its output
 */
export async function rabbitmqctl(
  programs: Programs,
  settings: StackSettings,
  ...args: readonly string[]
): Promise<string> {
  const { directory, ports } = settings;
  const env = environment(directory, {
    HOME: inside(directory).home("rabbitmq"),
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_CRASH_DUMP_SECONDS: "0",
  });
  const tool = join(dirname(programs.rabbitmq), "rabbitmqctl");
  const { stdout } = await promisify(execFile)(tool, ["--quiet", "--node", nodeName, ...args], { env });
  return stdout;
}

/** Requests the list of nodes from the port mapper. */
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
    socket.once("close", () => reject(new Error("closed without a response")));
  });
}
