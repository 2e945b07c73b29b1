import { basename } from "node:path";
import type { SqlValue } from "../../mixins/database/database.ts";
import type { ObservedDatabase, ObservedStatement } from "../../mixins/database/statement-observer.ts";
import { observeStatements } from "../../mixins/database/statement-observer.ts";

/** A statement as it was run for the first time. */
export interface RecordedStatement {
  /** Service that owns the data. */
  readonly service: string;
  readonly sql: string;
  readonly values: readonly SqlValue[];
  /** The place in the code that wrote it, relative to the project. */
  readonly from: string;
}

/** Records the SQL statements of `work`. */
export async function statementsOf(work: () => Promise<unknown>): Promise<ObservedStatement[]> {
  const statements: ObservedStatement[] = [];
  const stop = observeStatements((statement) => statements.push(statement));
  try {
    await work();
  } finally {
    stop();
  }
  return statements;
}

/** Statements of tests and of verification, which reads everything page by page. */
const notTheShops = /^(?:test\/|services\/node\/check\/|.*invariants\.ts)/;

/** Records each distinct statement of the shop once, whatever its values. */
export class StatementRecorder {
  readonly #known = new Map<string, RecordedStatement>();

  readonly note = ({ database, sql, values }: ObservedStatement): void => {
    if (sql === "BEGIN") return;
    const service = serviceOf(database);
    const key = `${service} ${shapeOf(sql)}`;
    if (service === undefined || this.#known.has(key)) return;
    const from = placeInCode();
    if (!notTheShops.test(from)) this.#known.set(key, { service, sql, values, from });
  };

  get all(): RecordedStatement[] {
    return [...this.#known.values()];
  }
}

/** Normalizes white space and numbers of rows in a statement. */
function shapeOf(sql: string): string {
  return sql.replaceAll(/\s+/g, " ").replaceAll(/(\([^()]*\?[^()]*\))(?:, \([^()]*\?[^()]*\))+/g, "$1, …");
}

function serviceOf({ sequelize, engine }: ObservedDatabase): string | undefined {
  if (engine === "mysql") return sequelize.getDatabaseName().replace(/^shop_/, "");
  const { storage } = (sequelize as unknown as { options: { storage?: string } }).options;
  return storage?.endsWith(".sqlite") ? basename(storage, ".sqlite") : undefined;
}

/** The first place on the stack beyond the database's own code. */
function placeInCode(): string {
  const lines = (new Error("where").stack ?? "").split("\n").slice(1);
  const places = lines.flatMap(
    (line) => /((?:services|mixins|test)\/[\w./-]+\.ts):\d+/.exec(line)?.[1] ?? [],
  );
  return (
    places.find(
      (place) =>
        !place.startsWith("mixins/database/") &&
        place !== "test/support/statements.ts" &&
        place !== "mixins/events/outbox-table.ts",
    ) ??
    places.at(-1) ??
    "?"
  );
}
