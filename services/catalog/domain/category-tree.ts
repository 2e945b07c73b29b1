/** Maximum depth of a category; 0 is the root level. */
export const maxDepth = 8;
/** Maximum length of an indexed column. */
export const maxPathLength = 700;

export interface Place {
  /** Slugs from the root down, each followed by a slash: a parent sorts before its descendants. */
  readonly path: string;
  readonly depth: number;
}

/** Place of a category below `parent`, or at the root. */
export function placeBelow(parent: Place | undefined, slug: string): Place {
  return parent
    ? { path: `${parent.path}${slug}/`, depth: parent.depth + 1 }
    : { path: `${slug}/`, depth: 0 };
}

/** Place of the parent; undefined at the root. */
export function placeAbove(place: Place): Place | undefined {
  if (place.depth === 0) return undefined;
  return {
    path: place.path.slice(0, place.path.lastIndexOf("/", place.path.length - 2) + 1),
    depth: place.depth - 1,
  };
}

/** True when `place` is `ancestor` or one of its descendants. */
export function isWithin(place: Place, ancestor: Place): boolean {
  return place.path.startsWith(ancestor.path);
}

/** Paths of all ancestors, root first. */
export function pathsAbove({ path }: Place): string[] {
  const slugs = path.split("/").slice(0, -2);
  return slugs.map((_slug, index) => `${slugs.slice(0, index + 1).join("/")}/`);
}

/** Range of exactly the paths of a category and its descendants. */
export function pathRange({ path }: Place): { from: string; before: string } {
  // "0" follows "/".
  return { from: path, before: `${path.slice(0, -1)}0` };
}

/** The limit that a category, or the deepest and longest path below it, would exceed; undefined when it fits. */
export function exceededLimit(
  depth: number,
  pathLength: number,
): { limit: number; detail: string } | undefined {
  if (depth > maxDepth)
    return { limit: maxDepth, detail: `Categories can be at most ${maxDepth} levels below the top` };
  if (pathLength > maxPathLength)
    return {
      limit: maxPathLength,
      detail: `The slugs down to a category have at most ${maxPathLength} characters`,
    };
  return undefined;
}
