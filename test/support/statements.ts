import { basename } from "node:path";
import type { Database, SqlValue } from "../../mixins/database/database.ts";
import type { WatchedStatement } from "../../mixins/database/watch-statements.ts";

/** A statement as it was run for the first time. */
export interface RecordedStatement {
  /** Whose data it is about. */
  readonly service: string;
  readonly sql: string;
  readonly values: readonly SqlValue[];
  /** The place in the code that wrote it, relative to the project. */
  readonly from: string;
}

/** Tests ask what they like, and a check reads everything page by page: that is what it is for. */
const notTheShops = /^(?:test\/|services\/node\/check\/|.*invariants\.ts)/;

/** Notes each statement of the shop once, whatever its values. */
export class StatementRecorder {
  readonly #known = new Map<string, RecordedStatement>();

  readonly note = ({ database, sql, values }: WatchedStatement): void => {
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

/** How a statement's text looks without blanks and without how many rows it takes. */
function shapeOf(sql: string): string {
  return sql.replaceAll(/\s+/g, " ").replaceAll(/(\([^()]*\?[^()]*\))(?:, \([^()]*\?[^()]*\))+/g, "$1, …");
}

function serviceOf({ sequelize, engine }: Database): string | undefined {
  if (engine === "mysql") return sequelize.getDatabaseName().replace(/^shop_/, "");
  const { storage } = (sequelize as unknown as { options: { storage?: string } }).options;
  return storage?.endsWith(".sqlite") ? basename(storage, ".sqlite") : undefined;
}

/** The first place on the stack beyond the database's own code. */
function placeInCode(): string {
  const lines = (new Error("where").stack ?? "").split("\n").slice(1);
  const places = lines.flatMap((line) => /((?:services|mixins|test)\/[\w./-]+\.ts):\d+/.exec(line)?.[1] ?? []);
  return places.find((place) => !place.startsWith("mixins/database/") && place !== "test/support/statements.ts" && place !== "mixins/events/outbox-table.ts") ?? places.at(-1) ?? "?";
}
