/** A place in a merchant's own tree of categories. */
export interface TreeNode {
  readonly id: string;
  readonly parentId: string | null;
  readonly position: number;
}

export const maxOwnCategories = 200;
export const maxOwnDepth = 4;

/** Nodes with their depths, parents before their children, each family in its order. */
export function inTreeOrder<N extends TreeNode>(nodes: readonly N[]): (N & { readonly depth: number })[] {
  const families = Map.groupBy(nodes, ({ parentId }) => parentId);
  const below = (parentId: string | null, depth: number): (N & { readonly depth: number })[] =>
    (families.get(parentId) ?? [])
      .toSorted((one, other) => one.position - other.position || (one.id < other.id ? -1 : 1))
      .flatMap((node) => [{ ...node, depth }, ...below(node.id, depth + 1)]);
  return below(null, 0);
}

/** Ids of a node and of all below it; empty when there is no such node. */
export function branchOf(nodes: readonly TreeNode[], id: string): string[] {
  const ordered = inTreeOrder(nodes);
  const start = ordered.findIndex((node) => node.id === id);
  const root = ordered[start];
  if (!root) return [];
  const rest = ordered.slice(start + 1);
  const end = rest.findIndex(({ depth }) => depth <= root.depth);
  return [root, ...(end === -1 ? rest : rest.slice(0, end))].map((node) => node.id);
}

/**
 * What forbids a node under a parent.
 *
 * @param moved the node, when it is there already, with those below it
 */
export function faultOfPlace(
  nodes: readonly TreeNode[],
  parentId: string | null,
  moved?: string,
): "no-parent" | "below-itself" | "too-deep" | undefined {
  const branch = moved === undefined ? [] : branchOf(nodes, moved);
  if (parentId !== null && branch.includes(parentId)) return "below-itself";
  const depths = new Map(inTreeOrder(nodes).map(({ id, depth }) => [id, depth]));
  const above = parentId === null ? -1 : depths.get(parentId);
  if (above === undefined) return "no-parent";
  const root = depths.get(moved ?? "") ?? 0;
  const height = Math.max(0, ...branch.map((id) => (depths.get(id) ?? 0) - root));
  return above + 1 + height >= maxOwnDepth ? "too-deep" : undefined;
}
