import type { Sequelize } from "sequelize";
import type { SqlValue } from "./types.ts";

/** The `Database` that runs a statement. */
export interface ObservedDatabase {
  readonly sequelize: Sequelize;
  readonly engine: "sqlite" | "mysql";
}

/** A statement before execution, with `?` for each value; or the begin of a transaction. */
export interface ObservedStatement {
  readonly database: ObservedDatabase;
  /** `BEGIN` for a transaction. */
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

export type StatementObserver = (statement: ObservedStatement) => void;

const observers = new Set<StatementObserver>();

/** Lets tests observe every statement of this process before execution. @returns function that stops it */
export function observeStatements(observer: StatementObserver): () => void {
  observers.add(observer);
  return () => {
    observers.delete(observer);
  };
}

/** Free of cost without observers. */
export function notifyStatement(database: ObservedDatabase, sql: string, values: readonly SqlValue[]): void {
  if (observers.size > 0) for (const observer of observers) observer({ database, sql, values });
}
