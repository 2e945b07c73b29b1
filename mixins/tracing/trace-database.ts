import { errorCode } from "../error-code.ts";
import { currentSpan, inSpan } from "./tracing.ts";

const longestStatement = 1000;

/** Runs a statement as a step of what is under way. Its text has marks in the place of values, so it tells nobody's data. */
export function traceStatement<T>(engine: string, sql: string, work: () => Promise<T>): Promise<T> {
  const parent = currentSpan();
  if (!parent) return work();
  const text = sql.replace(/\s+/g, " ").trim();
  const [, verb = "SQL"] = /^(\w+)/.exec(text) ?? [];
  const [, table = ""] = /\b(?:FROM|INTO|UPDATE)\s+(\w+)/i.exec(text) ?? [];
  const attributes = { "db.system.name": engine, "db.operation.name": verb, "db.query.text": text.slice(0, longestStatement) };
  return inSpan(`${verb} ${table}`.trim(), { kind: "client", parent, attributes }, errorCode, work);
}

/** Runs a transaction as a step, with all its tries and its commit. */
export function traceTransaction<T>(engine: string, work: () => Promise<T>): Promise<T> {
  const parent = currentSpan();
  if (!parent) return work();
  return inSpan("transaction", { kind: "client", parent, attributes: { "db.system.name": engine } }, errorCode, work);
}
