/** How deep a category can lie; 0 is the top. */
export const maxDepth = 8;
/** What a database can index. */
export const maxPathLength = 700;

export interface Place {
  /** The slugs from the top down, each followed by a slash: a parent sorts before everything below it. */
  readonly path: string;
  readonly depth: number;
}

/** Where a category lies that is put below `parent`, or at the top. */
export function placeBelow(parent: Place | undefined, slug: string): Place {
  return parent ? { path: `${parent.path}${slug}/`, depth: parent.depth + 1 } : { path: `${slug}/`, depth: 0 };
}

/** Where the parent of a category lies; undefined for one at the top. */
export function placeAbove(place: Place): Place | undefined {
  if (place.depth === 0) return undefined;
  return { path: place.path.slice(0, place.path.lastIndexOf("/", place.path.length - 2) + 1), depth: place.depth - 1 };
}

/** Whether `place` is `ancestor` or lies somewhere below it. */
export function isWithin(place: Place, ancestor: Place): boolean {
  return place.path.startsWith(ancestor.path);
}

/** The paths of all that lie above, from the top down. */
export function pathsAbove({ path }: Place): string[] {
  const slugs = path.split("/").slice(0, -2);
  return slugs.map((_slug, index) => `${slugs.slice(0, index + 1).join("/")}/`);
}

/** A range that holds the paths of a category and of everything below it, and no other. */
export function pathRange({ path }: Place): { from: string; before: string } {
  // "0" follows "/".
  return { from: path, before: `${path.slice(0, -1)}0` };
}

/** The limit that a category, or the deepest and longest path below it, would exceed; undefined when it fits. */
export function exceededLimit(depth: number, pathLength: number): { limit: number; detail: string } | undefined {
  if (depth > maxDepth) return { limit: maxDepth, detail: `Categories lie at most ${maxDepth} levels below the top` };
  if (pathLength > maxPathLength)
    return { limit: maxPathLength, detail: `The slugs down to a category have at most ${maxPathLength} characters` };
  return undefined;
}
