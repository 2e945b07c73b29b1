import { connect, type Socket } from "node:net";
import type { Connection } from "mysql2";
import { Sequelize } from "sequelize";
import type { DatabaseConfig, ServerAddress } from "../../../config/database.ts";
import { DatabaseTimeoutError } from "../database-errors.ts";

type MysqlConfig = Extract<DatabaseConfig, { engine: "mysql" }>;

/** Not below the acquire timeout, so that a busy server can finish slow handshakes. */
const connectTimeoutMs = 5000;
const acquireTimeoutMs = 5000;
const idleMs = 30_000;
/**
 * Longer than any request may take. Closes half-open connections, which the operating system would detect
 * hours later.
 */
const socketTimeoutMs = 15_000;

export interface MysqlLogin {
  readonly schema?: string;
  readonly user: string;
  readonly password: string;
}

/**
 * A connection pool to one MySQL or MariaDB server, with READ COMMITTED transactions.
 *
 * @param timeoutMs limit on a statement's response time; unlimited when absent
 */
export function openMysql(
  server: ServerAddress,
  login: MysqlLogin,
  poolSize: number,
  timeoutMs?: number,
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
      // Affected rows count the matched rows, changed or not, as in SQLite.
      flags: "+FOUND_ROWS",
      ...(timeoutMs === undefined ? {} : { stream: () => socketWithTimeout(server, timeoutMs) }),
    },
    // Callers decide about retries.
    retry: { max: 0 },
  });
  sequelize.addHook("afterConnect", (connection) => setReadCommitted(connection as Connection));
  return sequelize;
}

/** Once per connection: setting it in each transaction would cost another round trip. */
function setReadCommitted(connection: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", (error) =>
      error ? reject(error) : resolve(),
    );
  });
}

function socketWithTimeout({ host, port }: ServerAddress, timeoutMs: number): Socket {
  const socket = connect({ host, port, noDelay: true, keepAlive: true });
  return socket.setTimeout(timeoutMs, () => socket.destroy(new DatabaseTimeoutError(timeoutMs)));
}

/** The primary, with the service's own account. */
export function openPrimary(config: MysqlConfig, service: string): Sequelize {
  return openMysql(config.primary, config.login(service), config.poolSize, socketTimeoutMs);
}

/** The service's replicas, opened on demand. */
export function replicasOf(config: MysqlConfig, service: string): { name: string; open: () => Sequelize }[] {
  return config.replicas.map((server) => ({
    name: `${server.host}:${server.port}`,
    open: () => openMysql(server, config.login(service), config.poolSize, socketTimeoutMs),
  }));
}
