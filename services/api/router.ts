import { ShopError } from "../contract/errors.ts";
import type { Alias } from "./moleculer-web.ts";

export interface Found<A> {
  readonly alias: A;
  /** What stands in the path for each `:name`, decoded. */
  readonly params: Record<string, string>;
}

interface Branch<A> {
  readonly fixed: Map<string, Branch<A>>;
  variable: Branch<A> | undefined;
  readonly methods: Map<string, { readonly alias: A; readonly names: readonly string[] }>;
}

/**
 * Finds the alias of a request by walking its path once, where moleculer-web would try one expression after the
 * other. Literal segments win over variable ones.
 */
export class Router<A extends Alias> {
  readonly #root: Branch<A> = branch();

  constructor(aliases: readonly A[]) {
    for (const alias of aliases) this.#add(alias);
  }

  /**
   * @param path without query and without a slash at the end
   * @returns undefined when nothing is at this path
   * @throws ShopError `method-not-allowed` with `allow`, or `malformed-request` when the path is not valid UTF-8
   */
  find(method: string, path: string): Found<A> | undefined {
    const values: string[] = [];
    const end = descend(this.#root, segments(path), 0, values);
    if (!end) return undefined;
    const entry = end.methods.get(method === "HEAD" ? "GET" : method);
    if (!entry) throw new ShopError("method-not-allowed", undefined, { allow: allowed(end) });
    const params: Record<string, string> = {};
    for (const [index, name] of entry.names.entries()) params[name] = decoded(values[index] ?? "");
    return { alias: entry.alias, params };
  }

  /** @returns the methods at a path, undefined when nothing is there */
  methodsAt(path: string): string[] | undefined {
    const end = descend(this.#root, segments(path), 0, []);
    return end && allowed(end);
  }

  #add(alias: A): void {
    const names: string[] = [];
    let at = this.#root;
    for (const segment of segments(alias.fullPath)) {
      if (segment.startsWith(":")) {
        names.push(segment.slice(1));
        at = at.variable ??= branch();
      } else {
        const next = at.fixed.get(segment) ?? branch();
        at.fixed.set(segment, next);
        at = next;
      }
    }
    if (at.methods.has(alias.method)) throw new Error(`${alias.method} ${alias.fullPath} is declared twice`);
    at.methods.set(alias.method, { alias, names });
  }
}

function branch<A>(): Branch<A> {
  return { fixed: new Map(), variable: undefined, methods: new Map() };
}

function segments(path: string): string[] {
  if (path === "/") return [];
  return path.startsWith("/") ? path.slice(1).split("/") : [path];
}

function descend<A>(at: Branch<A>, parts: readonly string[], depth: number, values: string[]): Branch<A> | undefined {
  const part = parts[depth];
  if (part === undefined) return at.methods.size > 0 ? at : undefined;
  const literal = at.fixed.get(part);
  const found = literal && descend(literal, parts, depth + 1, values);
  if (found || !at.variable || part === "") return found;
  values.push(part);
  const further = descend(at.variable, parts, depth + 1, values);
  if (!further) values.pop();
  return further;
}

function allowed(end: Branch<Alias>): string[] {
  const methods = [...end.methods.keys()];
  return [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].sort();
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new ShopError("malformed-request", "The path is not valid UTF-8");
  }
}
