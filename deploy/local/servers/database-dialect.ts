import type { Launch } from "../processes.ts";

/** Absolute paths of the programs that the stack runs. */
export interface Programs {
  database: string;
  /** Creates MariaDB's system tables; MySQL's server does so itself. */
  databaseInstaller: string | undefined;
  dialect: DatabaseDialect;
  redis: string;
  rabbitmq: string;
  epmd: string;
}

/** Source of a replica. */
export interface ReplicationSource {
  port: number;
  user: string;
  password: string;
}

/** Replication status of a replica. */
export interface ReplicationStatus {
  /** The IO thread, which fetches the primary's binary log, is running. */
  fetching: boolean;
  /** The SQL thread, which applies it, is running. */
  applying: boolean;
  sourcePort: number | undefined;
  /** Lag in seconds as reported by the replica; undefined while replication is stopped. */
  lagSeconds: number | undefined;
  error: string | undefined;
}

export type StatusRow = Record<string, string | number | null>;

/** Differences between MariaDB and MySQL. */
export interface DatabaseDialect {
  name: "MariaDB" | "MySQL";
  /**
   * Creates the folder `data` in `home`, where `my.cnf` is, with a root account for the socket only. Paths
   * are relative, since a space in a path breaks MariaDB's installer script.
   */
  initialise(programs: Programs, home: string): Launch;
  /** Files of a data folder that identify a server. */
  identityFiles: string[];
  /** Privileges of the accounts in deploy/mysql. */
  monitorPrivileges: string;
  operatorPrivileges: string;
  backupPrivileges: string;
  follow(source: ReplicationSource): string[];
  statusQuery: string;
  readStatus(row: StatusRow): ReplicationStatus;
  positionQuery: string;
  /** Returns 0 once position `?` is applied, another value after `?` seconds. */
  waitQuery: string;
  stopApplying: string;
  startApplying: string;
}

const asRoot = () => (process.getuid?.() === 0 ? ["--user=root"] : []);

const text = (value: string | number | null | undefined) =>
  value === null || value === undefined || value === "" ? undefined : String(value);
const number = (value: string | number | null | undefined) =>
  value === null || value === undefined ? undefined : Number(value);

export const mariadb: DatabaseDialect = {
  name: "MariaDB",
  initialise: (programs, home) => ({
    command: programs.databaseInstaller ?? "mariadb-install-db",
    args: [
      "--defaults-file=./my.cnf",
      "--datadir=./data",
      "--auth-root-authentication-method=socket",
      "--skip-test-db",
      "--skip-log-bin",
      ...asRoot(),
    ],
    cwd: home,
  }),
  identityFiles: [],
  monitorPrivileges: "SLAVE MONITOR, BINLOG MONITOR",
  operatorPrivileges:
    "READ_ONLY ADMIN, REPLICATION MASTER ADMIN, REPLICATION SLAVE ADMIN, CONNECTION ADMIN, SLAVE MONITOR, BINLOG MONITOR",
  backupPrivileges: "BINLOG MONITOR, RELOAD",
  follow: ({ port, user, password }) => [
    "STOP SLAVE",
    `CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${port}, MASTER_USER='${user}', MASTER_PASSWORD='${password}', MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1, MASTER_HEARTBEAT_PERIOD=3`,
    "START SLAVE",
  ],
  statusQuery: "SHOW SLAVE STATUS",
  readStatus: (row) => ({
    fetching: row.Slave_IO_Running === "Yes",
    applying: row.Slave_SQL_Running === "Yes",
    sourcePort: number(row.Master_Port),
    lagSeconds: number(row.Seconds_Behind_Master),
    error: text(row.Last_SQL_Error) ?? text(row.Last_IO_Error),
  }),
  positionQuery: "SELECT @@GLOBAL.gtid_binlog_pos AS position",
  waitQuery: "SELECT MASTER_GTID_WAIT(?, ?) AS answer",
  stopApplying: "STOP SLAVE SQL_THREAD",
  startApplying: "START SLAVE SQL_THREAD",
};

export const mysql: DatabaseDialect = {
  name: "MySQL",
  initialise: (programs, home) => ({
    command: programs.database,
    args: [
      "--defaults-file=./my.cnf",
      "--datadir=./data",
      "--initialize-insecure",
      "--skip-log-bin",
      ...asRoot(),
    ],
    cwd: home,
  }),
  identityFiles: ["auto.cnf"],
  monitorPrivileges: "REPLICATION CLIENT",
  operatorPrivileges: "SYSTEM_VARIABLES_ADMIN, REPLICATION_SLAVE_ADMIN, CONNECTION_ADMIN, REPLICATION CLIENT",
  backupPrivileges: "REPLICATION CLIENT, RELOAD",
  follow: ({ port, user, password }) => [
    "STOP REPLICA",
    `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${port}, SOURCE_USER='${user}', SOURCE_PASSWORD='${password}', SOURCE_AUTO_POSITION=1, GET_SOURCE_PUBLIC_KEY=1, SOURCE_CONNECT_RETRY=1, SOURCE_HEARTBEAT_PERIOD=3`,
    "START REPLICA",
  ],
  statusQuery: "SHOW REPLICA STATUS",
  readStatus: (row) => ({
    fetching: row.Replica_IO_Running === "Yes",
    applying: row.Replica_SQL_Running === "Yes",
    sourcePort: number(row.Source_Port),
    lagSeconds: number(row.Seconds_Behind_Source),
    error: text(row.Last_SQL_Error) ?? text(row.Last_IO_Error),
  }),
  positionQuery: "SELECT @@GLOBAL.gtid_executed AS position",
  waitQuery: "SELECT WAIT_FOR_EXECUTED_GTID_SET(?, ?) AS answer",
  stopApplying: "STOP REPLICA SQL_THREAD",
  startApplying: "START REPLICA SQL_THREAD",
};
