import type { StackEnvironment } from "../../deploy/local/stack.ts";
import type { LinkImpairment } from "./tcp-link.ts";
import { TcpLink } from "./tcp-link.ts";

/** Servers that nodes connect to. */
export const linkedServers = ["rabbitmq", "redis", "primary", "replica-1", "replica-2"] as const;
export type LinkedServer = (typeof linkedServers)[number];

/** One link per node and server, so that each can fail separately. */
export class Links {
  readonly #environment: StackEnvironment;
  readonly #links = new Map<string, Map<LinkedServer, TcpLink>>();

  private constructor(environment: StackEnvironment) {
    this.#environment = environment;
  }

  static async open(environment: StackEnvironment, nodes: readonly string[]): Promise<Links> {
    const links = new Links(environment);
    const targets = addresses(environment);
    for (const node of nodes) {
      const own = new Map<LinkedServer, TcpLink>();
      links.#links.set(node, own);
      for (const server of linkedServers) own.set(server, await TcpLink.to("127.0.0.1", targets[server]));
    }
    return links;
  }

  /** Settings that route a node's connections through its links. */
  settingsOf(node: string): Record<string, string> {
    const port = (server: LinkedServer) => String(this.#link(node, server).port);
    const through = (url: string, server: LinkedServer) =>
      Object.assign(new URL(url), { port: port(server) }).href;
    return {
      AMQP_URL: through(this.#environment.AMQP_URL, "rabbitmq"),
      REDIS_URL: through(this.#environment.REDIS_URL, "redis"),
      DATABASE_PRIMARY: `127.0.0.1:${port("primary")}`,
      DATABASE_REPLICAS: `127.0.0.1:${port("replica-1")},127.0.0.1:${port("replica-2")}`,
    };
  }

  impair(node: string, server: LinkedServer, trouble: LinkImpairment): void {
    this.#link(node, server).impair(trouble);
  }

  clear(node: string, server: LinkedServer): void {
    this.#link(node, server).clear();
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.#links.values()].flatMap((own) => [...own.values()].map((link) => link.close())),
    );
  }

  #link(node: string, server: LinkedServer): TcpLink {
    const link = this.#links.get(node)?.get(server);
    if (!link) throw new Error(`there is no link from ${node} to ${server}`);
    return link;
  }
}

function addresses(environment: StackEnvironment): Record<LinkedServer, number> {
  const portOf = (address = "") => Number(address.split(":").at(-1));
  const [first, second] = environment.DATABASE_REPLICAS.split(",");
  return {
    rabbitmq: Number(new URL(environment.AMQP_URL).port),
    redis: Number(new URL(environment.REDIS_URL).port),
    primary: portOf(environment.DATABASE_PRIMARY),
    "replica-1": portOf(first),
    "replica-2": portOf(second),
  };
}
