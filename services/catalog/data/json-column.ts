/** @param otherwise the value of a null column */
export function parsed<T>(json: string | null, otherwise: T): T {
  return json === null ? otherwise : (JSON.parse(json) as T);
}

/** Null for nothing, which most rows have: no text is stored or parsed for it. */
export function written(value: object): string | null {
  return Object.keys(value).length === 0 ? null : JSON.stringify(value);
}
