import type { Database, SqlValue } from "./database.ts";

/** What a service asked of its database: SQL as it was written, with `?` for each value, or a whole transaction. */
export interface WatchedStatement {
  readonly database: Database;
  /** `BEGIN` for a transaction. */
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

export type StatementWatcher = (statement: WatchedStatement) => void;

const watchers = new Set<StatementWatcher>();

/** Lets tests see every statement of this process before it is run. @returns how to stop it */
export function watchStatements(watcher: StatementWatcher): () => void {
  watchers.add(watcher);
  return () => {
    watchers.delete(watcher);
  };
}

/** Costs nothing while nobody watches. */
export function announceStatement(database: Database, sql: string, values: readonly SqlValue[]): void {
  if (watchers.size > 0) for (const watcher of watchers) watcher({ database, sql, values });
}
