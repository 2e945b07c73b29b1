import type { ScopedLine } from "../coupon-scope.ts";
import type { CompiledRule, CompiledRules } from "./compile.ts";
import { reachOf } from "./compile.ts";
import { discountsOfRule, sum } from "./discount-of-rule.ts";
import type { Rule, RuleRefusal } from "./rule.ts";
import { isCataloguePrice } from "./rule.ts";

/** A line with what tells it from others, so that the order of lines has no effect. */
export interface RuledLine extends ScopedLine {
  readonly variantId?: string | undefined;
}

/** How far a rule with limits has been used. */
export interface Standing {
  readonly uses: number;
  /** Discount that it has given, in minor units. */
  readonly spent: number;
  readonly usesOfCustomer: number;
}

/** A purchase besides its lines. */
export interface RuleCircumstances {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Destination (ISO 3166-1 alpha-2); null when unknown. */
  readonly country: string | null;
  /** Groups of the customer. */
  readonly groups: readonly string[];
  /** The purchase has a coupon that can be used. */
  readonly hasCoupon: boolean;
  /** Shipping of each merchant's goods, and of the mall's (null), in minor units. */
  readonly shipping: ReadonlyMap<string | null, number>;
  /** Of rules with limits, by rule; those without an entry are unused. */
  readonly standings: ReadonlyMap<string, Standing>;
}

/** What a rule gives to a purchase. Minor units. */
export interface Adjustment {
  readonly rule: Rule;
  /** Off the goods; the sum over the lines. */
  readonly amount: number;
  /** Of each line, in the purchase's order. */
  readonly discounts: readonly number[];
  /** Off the shipping, by merchant; null for the mall. */
  readonly shipping: ReadonlyMap<string | null, number>;
}

/** Why a rule gives nothing. */
export interface Unapplied {
  readonly rule: Rule;
  readonly reason: RuleRefusal;
}

/** The outcome of the rules for a purchase. */
export interface Ruled {
  /** In the order in which they apply. */
  readonly adjustments: readonly Adjustment[];
  readonly unapplied: readonly Unapplied[];
}

interface Progress {
  /** What is left of each line's value. */
  readonly left: number[];
  readonly shipping: Map<string | null, number>;
  /** Lines that have a catalogue price of a rule: a line gets one. */
  readonly priced: Set<number>;
  readonly applied: Adjustment[];
  /** Exclusive groups of which a rule has applied. */
  readonly groups: Set<string>;
}

/**
 * Applies rules to a purchase, one after the other, each to what those before it left. Pure: the same lines in any
 * order give the same discounts, to the penny, and no line becomes negative.
 */
export function applyRules(
  lines: readonly RuledLine[],
  compiled: CompiledRules,
  circumstances: RuleCircumstances,
): Ruled {
  const places = [...lines.keys()].toSorted((one, other) => compareLines(lines[one], lines[other]));
  const sorted = places.flatMap((place) => lines[place] ?? []);
  const progress: Progress = {
    left: sorted.map(valueOf),
    shipping: new Map(circumstances.shipping),
    priced: new Set(),
    applied: [],
    groups: new Set(),
  };
  const unapplied: Unapplied[] = [];
  const reach = reachOf(compiled, sorted);
  for (const [one, indexes] of reach) {
    const reason =
      refusalOf(one, sorted, indexes, circumstances) ?? apply(one, sorted, indexes, circumstances, progress);
    if (reason !== null) unapplied.push({ rule: one.rule, reason });
  }
  if (reach.length < compiled.rules.length) {
    const reached = new Set(reach.map(([one]) => one));
    for (const one of compiled.rules)
      if (!reached.has(one)) unapplied.push({ rule: one.rule, reason: "nothing-eligible" });
  }
  const inGivenOrder = (discounts: readonly number[]) => {
    const given = lines.map(() => 0);
    for (const [index, place] of places.entries()) given[place] = discounts[index] ?? 0;
    return given;
  };
  return {
    adjustments: progress.applied.map((one) => ({ ...one, discounts: inGivenOrder(one.discounts) })),
    unapplied,
  };
}

/** Conditions that do not depend on other rules. */
function refusalOf(
  { rule }: CompiledRule,
  lines: readonly RuledLine[],
  indexes: readonly number[],
  { now, country, groups, hasCoupon, standings }: RuleCircumstances,
): RuleRefusal | null {
  if (!rule.active) return "paused";
  if (rule.validFrom !== null && now < rule.validFrom) return "not-yet-valid";
  if (rule.validUntil !== null && now >= rule.validUntil) return "expired";
  const { minimumSubtotalMinor = 0, minimumQuantity = 0, countries, groups: wanted } = rule.conditions;
  if (countries && (country === null || !countries.includes(country))) return "other-country";
  if (wanted && !wanted.some((group) => groups.includes(group))) return "other-group";
  if (hasCoupon && !rule.withCoupons) return "coupon";
  if (minimumSubtotalMinor > 0 && sumOf(indexes, lines, valueOf) < minimumSubtotalMinor)
    return "minimum-not-reached";
  if (minimumQuantity > 0 && sumOf(indexes, lines, ({ quantity }) => quantity) < minimumQuantity)
    return "quantity-not-reached";
  const standing = standings.get(rule.id);
  if (!standing) return null;
  if (rule.totalLimit !== null && standing.uses >= rule.totalLimit) return "exhausted";
  if (rule.perCustomerLimit !== null && standing.usesOfCustomer >= rule.perCustomerLimit)
    return "customer-limit-reached";
  return null;
}

/** Applies a rule whose own conditions are met, unless another rule or its budget forbids it. */
function apply(
  { rule }: CompiledRule,
  lines: readonly RuledLine[],
  reached: readonly number[],
  { standings }: RuleCircumstances,
  { left, shipping, priced, applied, groups }: Progress,
): RuleRefusal | null {
  const [first] = applied;
  // One that stands alone is the only one.
  if (first && !(rule.combinable && first.rule.combinable)) return "not-combinable";
  const { exclusiveGroup } = rule;
  if (exclusiveGroup !== null && groups.has(exclusiveGroup)) return "exclusive-group";

  const isPrice = isCataloguePrice(rule);
  const indexes = isPrice ? reached.filter((index) => !priced.has(index)) : reached;
  const open = indexes.flatMap((index) => {
    const line = lines[index];
    return line
      ? [{ quantity: line.quantity, unitPrice: line.unitPrice.amount, left: left[index] ?? 0 }]
      : [];
  });
  const given = discountsOfRule(rule, open);
  const amount = sum(given);
  const waived = rule.action.kind === "free-shipping" ? waivedBy(rule, lines, indexes, shipping) : noShipping;
  const ofShipping = sum([...waived.values()]);
  if (amount + ofShipping === 0) return "no-effect";
  const spent = standings.get(rule.id)?.spent ?? 0;
  // All or nothing: a customer is never shown a part of what a rule promises.
  if (rule.budgetMinor !== null && spent + amount + ofShipping > rule.budgetMinor) return "budget-spent";

  const discounts = lines.map(() => 0);
  for (const [position, index] of indexes.entries()) {
    const off = given[position] ?? 0;
    discounts[index] = off;
    left[index] = (left[index] ?? 0) - off;
    if (isPrice && off > 0) priced.add(index);
  }
  for (const [merchantId, off] of waived) shipping.set(merchantId, (shipping.get(merchantId) ?? 0) - off);
  if (exclusiveGroup !== null) groups.add(exclusiveGroup);
  applied.push({ rule, amount, discounts, shipping: waived });
  return null;
}

const noShipping: ReadonlyMap<string | null, number> = new Map();

/** The shipping of those whose goods a rule reaches, up to its maximum for an order. */
function waivedBy(
  { perOrderMinor }: Rule,
  lines: readonly RuledLine[],
  indexes: readonly number[],
  shipping: ReadonlyMap<string | null, number>,
): ReadonlyMap<string | null, number> {
  const shippers = new Set(indexes.map((index) => lines[index]?.merchantId ?? null));
  let open = perOrderMinor ?? Infinity;
  const waived = new Map<string | null, number>();
  for (const merchantId of [...shippers].toSorted((one, other) => ((one ?? "") < (other ?? "") ? -1 : 1))) {
    const off = Math.min(open, shipping.get(merchantId) ?? 0);
    if (off > 0) waived.set(merchantId, off);
    open -= off;
  }
  return waived;
}

const valueOf = ({ quantity, unitPrice }: RuledLine) => quantity * unitPrice.amount;

function sumOf(
  indexes: readonly number[],
  lines: readonly RuledLine[],
  amountOf: (line: RuledLine) => number,
): number {
  return indexes.reduce((total, index) => total + (lines[index] ? amountOf(lines[index]) : 0), 0);
}

function compareLines(one: RuledLine | undefined, other: RuledLine | undefined): number {
  const [first, second] = [keyOf(one), keyOf(other)];
  return first < second ? -1 : first > second ? 1 : 0;
}

function keyOf(line: RuledLine | undefined): string {
  if (!line) return "";
  const { variantId = "", productId = "", merchantId, unitPrice, quantity } = line;
  return `${variantId} ${productId} ${merchantId ?? ""} ${unitPrice.amount} ${quantity}`;
}
