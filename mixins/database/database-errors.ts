import { ConnectionError } from "sequelize";

/**
 * Error numbers by which an engine reports that it is unavailable or cannot write, whatever the statement.
 */
const outageCodes = {
  "disk full": [
    20, // EE_DISKFULL
    1021, // ER_DISK_FULL
    1114, // ER_RECORD_FILE_FULL
    1878, // ER_TEMP_FILE_WRITE_FAILURE
  ],
  "cannot write": [
    3, // EE_WRITE: a file could not be written
    1026, // ER_ERROR_ON_WRITE
    1030, // ER_GET_ERRNO: the storage engine failed
    1180, // ER_ERROR_DURING_COMMIT
    1598, // ER_BINLOG_LOGGING_IMPOSSIBLE
  ],
  "read-only": [
    1290, // ER_OPTION_PREVENTS_STATEMENT: read-only, such as a primary during failover
    1792, // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION
    1836, // ER_READ_ONLY_MODE
  ],
  "access denied": [
    1044, // ER_DBACCESS_DENIED_ERROR
    1045, // ER_ACCESS_DENIED_ERROR
    1142, // ER_TABLEACCESS_DENIED_ERROR
    1143, // ER_COLUMNACCESS_DENIED_ERROR
    1227, // ER_SPECIFIC_ACCESS_DENIED_ERROR
    1370, // ER_PROCACCESS_DENIED_ERROR
    1698, // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
    1820, // ER_MUST_CHANGE_PASSWORD
    1862, // ER_MUST_CHANGE_PASSWORD_LOGIN
    3118, // MySQL's ER_ACCOUNT_HAS_BEEN_LOCKED
    4151, // MariaDB's ER_ACCOUNT_HAS_BEEN_LOCKED
  ],
  "too many connections or statements": [
    1040, // ER_CON_COUNT_ERROR
    1203, // ER_TOO_MANY_USER_CONNECTIONS
    1226, // ER_USER_LIMIT_REACHED
  ],
  "out of memory or threads": [
    1037, // ER_OUTOFMEMORY
    1041, // ER_OUT_OF_RESOURCES
    1135, // ER_CANT_CREATE_THREAD
  ],
  interrupted: [
    1053, // ER_SERVER_SHUTDOWN
    1077, // ER_NORMAL_SHUTDOWN
    1152, // ER_ABORTING_CONNECTION
    1317, // ER_QUERY_INTERRUPTED
    1927, // MariaDB's ER_CONNECTION_KILLED
    1969, // MariaDB's ER_STATEMENT_TIMEOUT
    3024, // ER_QUERY_TIMEOUT
  ],
} as const;
export type OutageKind = keyof typeof outageCodes | "unreachable" | "timeout";

/**
 * The server left a statement unanswered and its connection was closed. A commit on a full disk ends like
 * this.
 */
export class DatabaseTimeoutError extends Error {
  /** With this code Sequelize removes the connection from the pool. */
  readonly code = "PROTOCOL_CONNECTION_LOST";

  constructor(timeoutMs: number) {
    super(
      `no response from the database within ${timeoutMs} ms: connection lost or disk full (see the database's log)`,
    );
  }
}

const outageByErrno: ReadonlyMap<unknown, OutageKind> = new Map(
  Object.entries(outageCodes).flatMap(([kind, numbers]) =>
    numbers.map((number) => [number, kind as OutageKind]),
  ),
);
const outageBySqliteCode: ReadonlyMap<unknown, OutageKind> = new Map([
  ["SQLITE_FULL", "disk full"],
  ["SQLITE_IOERR", "cannot write"],
  ["SQLITE_READONLY", "read-only"],
]);
/** ENOSPC, as the engines report it inside other errors. */
const noSpace = /\b(errno:|error) 28\b|no space left/i;
const contention = new Set(["ER_LOCK_DEADLOCK", "ER_LOCK_WAIT_TIMEOUT", "ER_CHECKREAD", "SQLITE_BUSY"]);

/**
 * Why the database is unavailable, full or read-only, rather than the statement wrong; undefined for all
 * other errors.
 */
export function outageOf(
  error: unknown,
): { readonly kind: OutageKind; readonly message: string } | undefined {
  const cause = causeOf(error);
  const { fatal, errno, code, message } = cause;
  const known = String(code).startsWith("SQLITE_") ? outageBySqliteCode.get(code) : outageByErrno.get(errno);
  const isAway = error instanceof ConnectionError || fatal === true;
  if (known === undefined && !isAway) return undefined;
  const text = String(message);
  const fallbackKind = cause instanceof DatabaseTimeoutError ? "timeout" : "unreachable";
  return { kind: noSpace.test(text) ? "disk full" : (known ?? fallbackKind), message: text };
}

export function isOutage(error: unknown): boolean {
  return outageOf(error) !== undefined;
}

/**
 * Whether a new connection may succeed: it reaches the current primary with the account's current rights,
 * while an open one keeps the rights from when it was opened.
 */
export function needsNewConnection(errno: unknown): boolean {
  const kind = outageByErrno.get(errno);
  return kind === "read-only" || kind === "access denied" || kind === "too many connections or statements";
}

/** Whether the database rolled back in favour of another transaction: a retry may succeed. */
export function isContention(error: unknown): boolean {
  return contention.has(String(causeOf(error).code));
}

/** The driver's error inside Sequelize's. */
function causeOf(error: unknown): DriverError {
  const { original = error } = Object(error) as { original?: unknown };
  return Object(original) as DriverError;
}

interface DriverError {
  readonly fatal?: unknown;
  readonly errno?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
}
