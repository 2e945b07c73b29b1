const reference = 8;
const headerOfObject = 24;

/**
 * Approximate memory of a JSON value, in bytes. Excludes property names: V8 shares them between objects of
 * one shape.
 */
export function memorySizeOf(value: unknown): number {
  if (typeof value === "string") return headerOfObject + value.length;
  return typeof value === "object" && value !== null ? sizeOfObject(value) : 0;
}

/** Written for speed, since every uncached answer is measured: no array of values, no call for a number. */
function sizeOfObject(object: object): number {
  let size = headerOfObject;
  if (Array.isArray(object)) {
    for (const item of object) size += reference + memorySizeOf(item);
    return size;
  }
  for (const key in object) {
    const value = (object as Record<string, unknown>)[key];
    size += reference;
    if (typeof value === "string") size += headerOfObject + value.length;
    else if (typeof value === "object" && value !== null) size += sizeOfObject(value);
  }
  return size;
}
