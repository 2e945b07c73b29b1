const reference = 8;
const headerOfObject = 24;

/**
 * About how many bytes of memory a value takes up that could be JSON. Names of properties are not counted: objects of
 * one kind share them.
 */
export function memorySizeOf(value: unknown): number {
  if (typeof value === "string") return headerOfObject + value.length;
  if (typeof value !== "object" || value === null) return 0;
  let size = headerOfObject;
  // Not Object.values(), which would make a list of them.
  for (const key in value) size += reference + memorySizeOf((value as Record<string, unknown>)[key]);
  return size;
}
