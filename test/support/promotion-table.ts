import { readFileSync } from "node:fs";
import type { RuledLine } from "../../services/orders/domain/promotions/apply-rules.ts";
import type { Rule, RuleAction, RuleScope } from "../../services/orders/domain/promotions/rule.ts";

/** Reads test/fixtures/promotions.md: what baskets cost under rules, as merchandisers write it. */

/** A row: a basket, its rules, and what is expected of them. */
export interface PromotionCase {
  readonly says: string;
  readonly lines: readonly RuledLine[];
  readonly names: readonly string[];
  readonly rules: readonly Rule[];
  readonly country: string | null;
  readonly groups: readonly string[];
  readonly hasCoupon: boolean;
  /** Cells: discounts of the lines, shipping, total, what each rule gave or why it gave nothing. */
  readonly expected: readonly [discounts: string, shipping: string, total: string, reasons: string];
}

interface Good {
  readonly name: string;
  readonly price: number;
  readonly category: string;
  readonly brand: string;
  readonly seller: string;
}

const minor = (text = "") => Math.round(Number(text) * 100);
const basisPoints = minor;

/** Every rule without what the row says of it. */
export const plainRule: Rule = {
  id: "",
  version: 1,
  name: "",
  merchantId: null,
  active: true,
  validFrom: null,
  validUntil: null,
  scope: { kind: "all", ids: [] },
  conditions: {},
  action: { kind: "free-shipping" },
  priority: 0,
  exclusiveGroup: null,
  combinable: true,
  withCoupons: true,
  perOrderMinor: null,
  totalLimit: null,
  perCustomerLimit: null,
  budgetMinor: null,
};

export function readPromotionTable(): PromotionCase[] {
  const text = readFileSync(new URL("../fixtures/promotions.md", import.meta.url), "utf8");
  const rows = text
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| --"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const goods = new Map<string, Good>(
    rows
      .filter(({ length }) => length === 5)
      .map(([name = "", price, category = "", brand = "", seller = ""]) => [
        name,
        { name, price: minor(price), category, brand, seller },
      ]),
  );
  return rows
    .filter(({ length }) => length === 7)
    .slice(1)
    .map((cells) => caseOf(cells, goods));
}

function caseOf(cells: readonly string[], goods: ReadonlyMap<string, Good>): PromotionCase {
  const [says = "", basket = "", rules = "", discounts = "", shipping = "", total = "", reasons = ""] = cells;
  const [items = "", ...circumstances] = basket.split(";").map((part) => part.trim());
  const parts = items.split(",").map((item) => /^(\d+) (.+)$/.exec(item.trim()));
  const bought = parts.flatMap((match) => {
    const good = goods.get(match?.[2] ?? "");
    if (!good) throw new Error(`${says}: what is "${items}"?`);
    return [{ good, quantity: Number(match?.[1]) }];
  });
  return {
    says,
    lines: bought.map(({ good, quantity }) => ({
      variantId: good.name,
      productId: good.name,
      quantity,
      unitPrice: { amount: good.price, currency: "GBP" },
      brandId: good.brand,
      merchantId: good.seller === "the mall" ? null : good.seller,
      categoryIds: [good.category, "everything"],
    })),
    names: bought.map(({ good }) => good.name),
    rules: rules.split(";").flatMap((rule, index) => (rule.trim() ? [ruleOf(rule.trim(), index)] : [])),
    country: circumstances.find((one) => one.startsWith("to "))?.slice(3) ?? null,
    groups: circumstances.filter((one) => one.startsWith("in ")).map((one) => one.slice(3)),
    hasCoupon: circumstances.includes("coupon"),
    expected: [discounts, shipping, total, reasons],
  };
}

/** The words of a rule besides its action, each with what it sets. */
const words: readonly (readonly [RegExp, (match: RegExpExecArray, rule: Rule) => Partial<Rule>])[] = [
  [
    / on (.+?)(?= (?:except|from|with|for|to|group|alone|no|at|by|budget|used|paused|priority)\b|$)/,
    (m) => ({ scope: scopeOf(m[1]) }),
  ],
  [/ except (\w+)/, (m, { scope }) => ({ scope: { ...scope, except: [m[1] ?? ""] } })],
  [
    / from (\d+\.\d\d)/,
    (m, { conditions }) => ({ conditions: { ...conditions, minimumSubtotalMinor: minor(m[1]) } }),
  ],
  [
    / with (\d+) pieces/,
    (m, { conditions }) => ({ conditions: { ...conditions, minimumQuantity: Number(m[1]) } }),
  ],
  [/ for (\w+)/, (m, { conditions }) => ({ conditions: { ...conditions, groups: [m[1] ?? ""] } })],
  [/ to ([A-Z]{2})/, (m, { conditions }) => ({ conditions: { ...conditions, countries: [m[1] ?? ""] } })],
  [/ group (\w+)/, (m) => ({ exclusiveGroup: m[1] ?? "" })],
  [/ alone/, () => ({ combinable: false })],
  [/ no coupon/, () => ({ withCoupons: false })],
  [/ at most (\d+\.\d\d)/, (m) => ({ perOrderMinor: minor(m[1]) })],
  [/ by (\w+)/, (m) => ({ merchantId: m[1] ?? "" })],
  [/ budget (\d+\.\d\d)/, (m) => ({ budgetMinor: minor(m[1]) })],
  [/ paused/, () => ({ active: false })],
  [/ priority (\d+)/, (m) => ({ priority: Number(m[1]) })],
];

function ruleOf(text: string, index: number): Rule {
  const [name = "", says = ""] = text.split(": ");
  let rule: Rule = { ...plainRule, id: `${index} ${name}`, name, action: actionOf(says) };
  for (const [pattern, set] of words) {
    const match = pattern.exec(says);
    if (match) rule = { ...rule, ...set(match, rule) };
  }
  return rule;
}

function scopeOf(text = ""): RuleScope {
  const [word = "", name = ""] = text.split(" ");
  if (word === "category") return { kind: "categories", ids: [name] };
  if (word === "brand") return { kind: "brands", ids: [name] };
  if (word === "seller") return { kind: "merchants", ids: [name] };
  return { kind: "products", ids: text.split(" or ") };
}

function actionOf(says: string): RuleAction {
  const tiers = [...says.matchAll(/(\d+(?:\.\d\d)?)\/(\d+(?:\.\d\d)?)/g)].map(
    ([, from, off]) => [from, off] as const,
  );
  let match: RegExpExecArray | null;
  if (says.startsWith("spend "))
    return {
      kind: "spend",
      tiers: tiers.map(([from, off]) => ({ fromMinor: minor(from), offMinor: minor(off) })),
    };
  if (says.startsWith("pieces "))
    return {
      kind: "quantity",
      tiers: tiers.map(([from, off]) => ({ from: Number(from), basisPoints: basisPoints(off) })),
    };
  if ((match = /^buy (\d+) get (\d+) (?:free|at (\d+)% off)/.exec(says)))
    return {
      kind: "buy-get",
      buy: Number(match[1]),
      get: Number(match[2]),
      basisPoints: basisPoints(match[3] ?? "100"),
    };
  if ((match = /^cheapest (\d+) (?:free|at (\d+)% off)/.exec(says)))
    return { kind: "cheapest", pieces: Number(match[1]), basisPoints: basisPoints(match[2] ?? "100") };
  if (says.startsWith("free shipping")) return { kind: "free-shipping" };
  if ((match = /^price (\d+\.\d\d)/.exec(says))) return { kind: "price", unitPriceMinor: minor(match[1]) };
  if ((match = /^price (\d+)% lower/.exec(says)))
    return { kind: "price-percent", basisPoints: basisPoints(match[1]) };
  if ((match = /^(\d+\.\d\d) off/.exec(says))) return { kind: "amount", amountMinor: minor(match[1]) };
  if ((match = /^(\d+(?:\.\d+)?)% off/.exec(says)))
    return { kind: "percent", basisPoints: basisPoints(match[1]) };
  throw new Error(`what does "${says}" do?`);
}
