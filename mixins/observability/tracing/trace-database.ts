import { errorCode } from "../error-code.ts";
import { currentSpan, inSpan } from "./tracing.ts";

const maxStatementLength = 1000;

/** Records a span for a statement. Its text has placeholders, so that no values are exported. */
export function traceStatement<T>(engine: string, sql: string, work: () => Promise<T>): Promise<T> {
  const parent = currentSpan();
  if (!parent) return work();
  const text = sql.replace(/\s+/g, " ").trim();
  const [, verb = "SQL"] = /^(\w+)/.exec(text) ?? [];
  const [, table = ""] = /\b(?:FROM|INTO|UPDATE)\s+(\w+)/i.exec(text) ?? [];
  const attributes = {
    "db.system.name": engine,
    "db.operation.name": verb,
    "db.query.text": text.slice(0, maxStatementLength),
  };
  return inSpan(`${verb} ${table}`.trim(), { kind: "client", parent, attributes }, errorCode, work);
}

/** Records a span for a transaction, including retries and commit. */
export function traceTransaction<T>(engine: string, work: () => Promise<T>): Promise<T> {
  const parent = currentSpan();
  if (!parent) return work();
  return inSpan(
    "transaction",
    { kind: "client", parent, attributes: { "db.system.name": engine } },
    errorCode,
    work,
  );
}
