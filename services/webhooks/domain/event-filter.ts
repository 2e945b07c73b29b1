/** An event's name, all events of a service (`orders.*`), or all events (`*`). */
export const filterPattern = /^(?:\*|[a-z][a-z0-9-]*\.(?:\*|[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*))$/;

/** Whether an event passes a filter. */
export function passes(filter: readonly string[], type: string): boolean {
  const service = `${type.slice(0, type.indexOf("."))}.*`;
  return filter.some((wanted) => wanted === "*" || wanted === type || wanted === service);
}

/** The parts of a filter that no event can pass. */
export function unknownIn(filter: readonly string[], types: readonly string[]): string[] {
  return filter.filter((wanted) => !types.some((type) => passes([wanted], type)));
}

/** A filter as a SQL condition on a column, with its values. */
export function filterCondition(column: string, filter: readonly string[]) {
  if (filter.includes("*")) return { sql: "1 = 1", values: [] };
  const names = filter.filter((wanted) => !wanted.endsWith(".*"));
  const prefixes = filter
    .filter((wanted) => wanted.endsWith(".*"))
    .map((wanted) => `${wanted.slice(0, -1)}%`);
  const conditions = [`${column} IN (?)`, ...prefixes.map(() => `${column} LIKE ?`)];
  return { sql: `(${conditions.join(" OR ")})`, values: [names, ...prefixes] };
}
