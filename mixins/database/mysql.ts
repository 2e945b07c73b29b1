import { Sequelize } from "sequelize";
import type { DatabaseConfig, DataService, ServerAddress } from "../../config/database.ts";

type MysqlConfig = Extract<DatabaseConfig, { engine: "mysql" }>;

const connectTimeoutMs = 2000;
const acquireTimeoutMs = 5000;
const idleMs = 30_000;

export interface MysqlLogin {
  readonly schema?: string;
  readonly user: string;
  readonly password: string;
}

/** A Sequelize with a pool of connections to one MySQL or MariaDB server. */
export function openMysql(server: ServerAddress, login: MysqlLogin, poolSize: number): Sequelize {
  return new Sequelize({
    dialect: "mysql",
    host: server.host,
    port: server.port,
    database: login.schema,
    username: login.user,
    password: login.password,
    logging: false,
    pool: { max: poolSize, min: 0, acquire: acquireTimeoutMs, idle: idleMs },
    // Found rows: a conditional update counts the rows that met its condition, changed or not, as SQLite does.
    dialectOptions: { connectTimeout: connectTimeoutMs, charset: "utf8mb4", flags: "+FOUND_ROWS" },
    // A server that is away is away: waiting and trying again is decided above, per use.
    retry: { max: 0 },
  });
}

/** The primary as a service reaches its own data. */
export function openPrimary(config: MysqlConfig, service: DataService): Sequelize {
  return openMysql(config.primary, config.login(service), config.poolSize);
}

/** The replicas of a service's data, each to be opened when it is wanted. */
export function replicasOf(config: MysqlConfig, service: DataService): { name: string; open: () => Sequelize }[] {
  return config.replicas.map((server) => ({
    name: `${server.host}:${server.port}`,
    open: () => openMysql(server, config.login(service), config.poolSize),
  }));
}
