import type { Launch } from "../processes.ts";
import type { Programs } from "../packages.ts";

/** Where a replica gets its data from. */
export interface ReplicationSource {
  port: number;
  user: string;
  password: string;
}

/** How a replica follows its primary. */
export interface ReplicationStatus {
  /** Fetches the primary's binary log. */
  fetching: boolean;
  /** Applies what it fetched (the SQL thread). */
  applying: boolean;
  sourcePort: number | undefined;
  /** Seconds behind the primary as the replica knows it; undefined while it does not follow. */
  lagSeconds: number | undefined;
  error: string | undefined;
}

export type StatusRow = Record<string, string | number | null>;

/** Where MariaDB and MySQL differ. */
export interface DatabaseDialect {
  name: "MariaDB" | "MySQL";
  /**
   * Makes the folder `data` in `home`, where `my.cnf` is, with a root account that can only come through the socket file.
   * With relative paths, because MariaDB's installer is a shell script that a space in a path breaks.
   */
  initialise(programs: Programs, home: string): Launch;
  /** Files in a data folder that no two servers may share. */
  identityFiles: string[];
  /** What the accounts of deploy/mysql are granted. */
  monitorPrivileges: string;
  operatorPrivileges: string;
  backupPrivileges: string;
  follow(source: ReplicationSource): string[];
  statusQuery: string;
  readStatus(row: StatusRow): ReplicationStatus;
  positionQuery: string;
  /** Answers 0 once the position `?` is applied, anything else when it was not within `?` seconds. */
  waitQuery: string;
  stopApplying: string;
  startApplying: string;
}

const asRoot = () => (process.getuid?.() === 0 ? ["--user=root"] : []);

const text = (value: string | number | null | undefined) => (value === null || value === undefined || value === "" ? undefined : String(value));
const number = (value: string | number | null | undefined) => (value === null || value === undefined ? undefined : Number(value));

export const mariadb: DatabaseDialect = {
  name: "MariaDB",
  initialise: (programs, home) => ({
    command: programs.databaseInstaller ?? "mariadb-install-db",
    args: ["--defaults-file=./my.cnf", "--datadir=./data", "--auth-root-authentication-method=socket", "--skip-test-db", "--skip-log-bin", ...asRoot()],
    cwd: home,
  }),
  identityFiles: [],
  monitorPrivileges: "SLAVE MONITOR, BINLOG MONITOR",
  operatorPrivileges: "READ_ONLY ADMIN, REPLICATION MASTER ADMIN, REPLICATION SLAVE ADMIN, CONNECTION ADMIN, SLAVE MONITOR, BINLOG MONITOR",
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
    args: ["--defaults-file=./my.cnf", "--datadir=./data", "--initialize-insecure", "--skip-log-bin", ...asRoot()],
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
