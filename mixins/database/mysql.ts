import { connect, type Socket } from "node:net";
import type { Connection } from "mysql2";
import { Sequelize } from "sequelize";
import type { DatabaseConfig, DataService, ServerAddress } from "../../config/database.ts";

type MysqlConfig = Extract<DatabaseConfig, { engine: "mysql" }>;

/** No shorter than the time that is waited for a connection: a busy server that takes long for each must get on with it. */
const connectTimeoutMs = 5000;
const acquireTimeoutMs = 5000;
const idleMs = 30_000;
/**
 * Longer than any request may take. A connection on which nothing comes back for so long is lost: the server, or a
 * router on the way, went without a word, and the system would notice that hours later.
 */
const silenceMs = 15_000;

export interface MysqlLogin {
  readonly schema?: string;
  readonly user: string;
  readonly password: string;
}

/**
 * A Sequelize with a pool of connections to one MySQL or MariaDB server, whose transactions are READ COMMITTED.
 *
 * @param longestSilenceMs how long a statement may take; as long as it wants when absent
 */
export function openMysql(
  server: ServerAddress,
  login: MysqlLogin,
  poolSize: number,
  longestSilenceMs?: number,
): Sequelize {
  const sequelize = new Sequelize({
    dialect: "mysql",
    host: server.host,
    port: server.port,
    database: login.schema,
    username: login.user,
    password: login.password,
    logging: false,
    pool: { max: poolSize, min: 0, acquire: acquireTimeoutMs, idle: idleMs },
    dialectOptions: {
      connectTimeout: connectTimeoutMs,
      charset: "utf8mb4",
      // A conditional update counts the rows that met its condition, changed or not, as SQLite does.
      flags: "+FOUND_ROWS",
      ...(longestSilenceMs === undefined ? {} : { stream: () => watchedSocket(server, longestSilenceMs) }),
    },
    // A server that is away is away: waiting and trying again is decided above, per use.
    retry: { max: 0 },
  });
  sequelize.addHook("afterConnect", (connection) => readCommitted(connection as Connection));
  return sequelize;
}

/** Said once to each connection: said by each transaction, it would be one more question to the server. */
function readCommitted(connection: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", (error) => (error ? reject(error) : resolve()));
  });
}

function watchedSocket({ host, port }: ServerAddress, longestSilenceMs: number): Socket {
  const socket = connect({ host, port, noDelay: true, keepAlive: true });
  return socket.setTimeout(longestSilenceMs, () => {
    const silence = new Error(`nothing came from the database within ${longestSilenceMs} ms`);
    // By this code it is taken out of the pool.
    socket.destroy(Object.assign(silence, { code: "PROTOCOL_CONNECTION_LOST" }));
  });
}

/** The primary as a service reaches its own data. */
export function openPrimary(config: MysqlConfig, service: DataService): Sequelize {
  return openMysql(config.primary, config.login(service), config.poolSize, silenceMs);
}

/** The replicas of a service's data, each to be opened when it is wanted. */
export function replicasOf(config: MysqlConfig, service: DataService): { name: string; open: () => Sequelize }[] {
  return config.replicas.map((server) => ({
    name: `${server.host}:${server.port}`,
    open: () => openMysql(server, config.login(service), config.poolSize, silenceMs),
  }));
}
