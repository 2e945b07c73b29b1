import { ConnectionError } from "sequelize";

/** What an engine says when it cannot serve anyone for the moment, or cannot write, whatever is asked of it. */
const trouble = new Set([
  3, // EE_WRITE: a file could not be written
  20, // EE_DISKFULL
  1021, // ER_DISK_FULL
  1026, // ER_ERROR_ON_WRITE
  1030, // ER_GET_ERRNO: the storage engine failed, for example because its disk is full
  1037, // ER_OUTOFMEMORY
  1040, // ER_CON_COUNT_ERROR
  1041, // ER_OUT_OF_RESOURCES
  1053, // ER_SERVER_SHUTDOWN
  1077, // ER_NORMAL_SHUTDOWN
  1114, // ER_RECORD_FILE_FULL
  1135, // ER_CANT_CREATE_THREAD
  1152, // ER_ABORTING_CONNECTION
  1180, // ER_ERROR_DURING_COMMIT
  1203, // ER_TOO_MANY_USER_CONNECTIONS
  1290, // ER_OPTION_PREVENTS_STATEMENT: it is read-only, as a primary is that is being replaced
  1317, // ER_QUERY_INTERRUPTED
  1598, // ER_BINLOG_LOGGING_IMPOSSIBLE
  1792, // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION
  1836, // ER_READ_ONLY_MODE
  1927, // MariaDB's ER_CONNECTION_KILLED
  1969, // MariaDB's ER_STATEMENT_TIMEOUT
  3024, // ER_QUERY_TIMEOUT
]);
const sqliteTrouble = new Set(["SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY"]);
const contention = new Set(["ER_LOCK_DEADLOCK", "ER_LOCK_WAIT_TIMEOUT", "ER_CHECKREAD", "SQLITE_BUSY"]);

/** Whether the database is away, full or may not write: nothing that the caller did. */
export function isDatabaseTrouble(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  const { fatal, errno, code } = causeOf(error);
  return fatal === true || (typeof errno === "number" && trouble.has(errno)) || sqliteTrouble.has(String(code));
}

/** Whether the database gave up for the sake of another transaction, so that the same work may succeed now. */
export function isContention(error: unknown): boolean {
  return contention.has(String(causeOf(error).code));
}

/** The driver's own error, which Sequelize wraps. */
function causeOf(error: unknown): DriverError {
  const { original = error } = Object(error) as { original?: unknown };
  return Object(original) as DriverError;
}

interface DriverError {
  readonly fatal?: unknown;
  readonly errno?: unknown;
  readonly code?: unknown;
}
