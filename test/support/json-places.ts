/** A JSON path: names and indexes. */
export type Place = readonly string[];

/** Every object in a JSON value, itself included. */
export function objectsOf(
  value: object,
): { readonly place: Place; readonly object: object; readonly takesAnyKey: boolean }[] {
  return walk(value, []).flatMap(({ place, inner }) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? [{ place, object: inner, takesAnyKey: place.includes("options") || isKeyed(place.at(-1)) }]
      : [],
  );
}

/** Option names are free text, texts are keyed by language, and attributes by their code. */
function isKeyed(name: string | undefined): boolean {
  return name === "texts" || name === "alt" || name === "attributes";
}

/** Paths of all scalar values. */
export function leavesOf(value: object): Place[] {
  return walk(value, []).flatMap(({ place, inner }) =>
    typeof inner === "object" && inner !== null ? [] : [place],
  );
}

/** The JSON in which one of its objects has a key more. */
export function withKey(
  value: object,
  { place }: { readonly place: Place },
  key: string,
  added: unknown,
): string {
  return text(value, place, (inner) =>
    Object.fromEntries([...Object.entries(inner as object), [key, added]]),
  );
}

/** Copies JSON with another value at a path. */
export function withLeaf(value: object, place: Place, instead: unknown): string {
  return text(value, place, () => instead);
}

function text(value: unknown, place: Place, change: (inner: unknown) => unknown): string {
  return JSON.stringify(changed(value, place, change));
}

function changed(value: unknown, [first, ...rest]: Place, change: (inner: unknown) => unknown): unknown {
  if (first === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === first ? changed(item, rest, change) : item));
  return Object.fromEntries(
    Object.entries(value as object).map(([name, inner]) => [
      name,
      name === first ? changed(inner, rest, change) : inner,
    ]),
  );
}

function walk(inner: unknown, place: Place): { place: Place; inner: unknown }[] {
  const below =
    typeof inner === "object" && inner !== null
      ? Object.entries(inner).flatMap(([name, value]) => walk(value, [...place, name]))
      : [];
  return [{ place, inner }, ...below];
}
