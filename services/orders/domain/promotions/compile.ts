import type { ScopedLine } from "../coupon-scope.ts";
import type { Rule } from "./rule.ts";
import { isCataloguePrice } from "./rule.ts";

/** Rules in the order in which they apply, indexed by what their scopes name. Compiled once per snapshot. */
export interface CompiledRules {
  readonly rules: readonly CompiledRule[];
  /** Positions in `rules`, by id of a product, category, brand or merchant. */
  readonly byKey: ReadonlyMap<string, readonly number[]>;
  /** Positions of the rules for all goods of the mall. */
  readonly ofAll: readonly number[];
}

export interface CompiledRule {
  readonly rule: Rule;
  readonly except: ReadonlySet<string>;
}

/** Catalogue prices first, then by priority, then by id, so that the order is the same on every node. */
export function compileRules(rules: readonly Rule[]): CompiledRules {
  const ordered = rules.toSorted(
    (one, other) =>
      Number(isCataloguePrice(other)) - Number(isCataloguePrice(one)) ||
      other.priority - one.priority ||
      (one.id < other.id ? -1 : 1),
  );
  const byKey = new Map<string, number[]>();
  const ofAll: number[] = [];
  const add = (key: string, position: number) => {
    const positions = byKey.get(key);
    if (positions) positions.push(position);
    else byKey.set(key, [position]);
  };
  for (const [position, { scope, merchantId }] of ordered.entries())
    if (scope.kind !== "all") for (const id of new Set(scope.ids)) add(`${scope.kind}:${id}`, position);
    else if (merchantId === null) ofAll.push(position);
    else add(`merchants:${merchantId}`, position);
  return {
    rules: ordered.map((rule) => ({ rule, except: new Set(rule.scope.except) })),
    byKey,
    ofAll,
  };
}

/** Positions of rules with the positions of the lines that they reach, in the order of the rules. */
export function reachOf(
  { rules, byKey, ofAll }: CompiledRules,
  lines: readonly ScopedLine[],
): readonly (readonly [CompiledRule, readonly number[]])[] {
  const reached = new Map<number, readonly number[]>();
  const idsOfLines = lines.map(idsOf);
  const all = [...lines.keys()];
  for (const position of ofAll) {
    const except = rules[position]?.except;
    const its = except?.size ? all.filter((index) => !isExcepted(except, idsOfLines[index])) : all;
    if (its.length > 0) reached.set(position, its);
  }
  const named = new Map<number, number[]>();
  for (const [index, own] of idsOfLines.entries())
    for (const [kind, id] of own)
      for (const position of byKey.get(`${kind}:${id}`) ?? []) {
        const { rule, except } = rules[position] ?? {};
        if (!rule || !except || isExcepted(except, own)) continue;
        if (rule.merchantId !== null && lines[index]?.merchantId !== rule.merchantId) continue;
        const indexes = named.get(position);
        // A line can be in several categories that a rule names.
        if (!indexes) named.set(position, [index]);
        else if (indexes.at(-1) !== index) indexes.push(index);
      }
  for (const [position, indexes] of named) reached.set(position, indexes);
  return [...reached]
    .toSorted(([one], [other]) => one - other)
    .flatMap(([position, indexes]) => {
      const compiled = rules[position];
      return compiled ? [[compiled, indexes] as const] : [];
    });
}

function isExcepted(except: ReadonlySet<string>, own: OwnIds = []): boolean {
  return except.size > 0 && own.some(([, id]) => except.has(id));
}

type OwnIds = readonly (readonly [kind: string, id: string])[];

function idsOf({ productId, brandId, merchantId, categoryIds = [] }: ScopedLine): OwnIds {
  const one = (kind: string, id: string | null | undefined) => (id ? [[kind, id] as const] : []);
  return [
    ...one("products", productId),
    ...one("brands", brandId),
    ...one("merchants", merchantId),
    ...categoryIds.map((id) => ["categories", id] as const),
  ];
}
