import { ShopError } from "../../../mixins/contract/errors.ts";
import type { Alias } from "./moleculer-web.ts";

export interface RouteMatch<A> {
  readonly alias: A;
  /** Decoded values of the `:name` placeholders. */
  readonly params: Record<string, string>;
}

interface TrieNode<A> {
  readonly literals: Map<string, TrieNode<A>>;
  variable: TrieNode<A> | undefined;
  readonly methods: Map<string, { readonly alias: A; readonly names: readonly string[] }>;
}

/**
 * Finds a request's alias in one walk along its path, instead of moleculer-web's linear search over
 * expressions. Literal segments win over placeholders.
 */
export class Router<A extends Alias> {
  /** All that it finds. */
  readonly aliases: readonly A[];
  readonly #root: TrieNode<A> = trieNode();

  constructor(aliases: readonly A[]) {
    this.aliases = aliases;
    for (const alias of aliases) this.#add(alias);
  }

  /**
   * @param path without query and trailing slash
   * @returns undefined for an unknown path
   * @throws ShopError `method-not-allowed` with `allow`, or `malformed-request` for a path that is not valid
   *   UTF-8
   */
  find(method: string, path: string): RouteMatch<A> | undefined {
    const values: string[] = [];
    const node = descend(this.#root, segments(path), 0, values);
    if (!node) return undefined;
    const entry = node.methods.get(method === "HEAD" ? "GET" : method);
    if (!entry) throw new ShopError("method-not-allowed", undefined, { allow: allowedMethods(node) });
    const params: Record<string, string> = {};
    for (const [index, name] of entry.names.entries()) params[name] = decodeSegment(values[index] ?? "");
    return { alias: entry.alias, params };
  }

  /** @returns the methods of a path; undefined for an unknown one */
  methodsAt(path: string): string[] | undefined {
    const end = descend(this.#root, segments(path), 0, []);
    return end && allowedMethods(end);
  }

  #add(alias: A): void {
    const names: string[] = [];
    let at = this.#root;
    for (const segment of segments(alias.fullPath)) {
      if (segment.startsWith(":")) {
        names.push(segment.slice(1));
        at = at.variable ??= trieNode();
      } else {
        const next = at.literals.get(segment) ?? trieNode();
        at.literals.set(segment, next);
        at = next;
      }
    }
    if (at.methods.has(alias.method)) throw new Error(`${alias.method} ${alias.fullPath} is declared twice`);
    at.methods.set(alias.method, { alias, names });
  }
}

function trieNode<A>(): TrieNode<A> {
  return { literals: new Map(), variable: undefined, methods: new Map() };
}

function segments(path: string): string[] {
  if (path === "/") return [];
  return path.startsWith("/") ? path.slice(1).split("/") : [path];
}

function descend<A>(
  at: TrieNode<A>,
  parts: readonly string[],
  depth: number,
  values: string[],
): TrieNode<A> | undefined {
  const part = parts[depth];
  if (part === undefined) return at.methods.size > 0 ? at : undefined;
  const literal = at.literals.get(part);
  const found = literal && descend(literal, parts, depth + 1, values);
  if (found || !at.variable || part === "") return found;
  values.push(part);
  const deeper = descend(at.variable, parts, depth + 1, values);
  if (!deeper) values.pop();
  return deeper;
}

function allowedMethods(end: TrieNode<Alias>): string[] {
  const methods = [...end.methods.keys()];
  return [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].sort();
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new ShopError("malformed-request", "The path is not valid UTF-8");
  }
}
