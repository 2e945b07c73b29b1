import { describe, expect, test } from "@jest/globals";
import { applyRules } from "../../../../services/orders/domain/promotions/apply-rules.ts";
import { compileRules } from "../../../../services/orders/domain/promotions/compile.ts";
import type { PromotionCase } from "../../../support/promotion-table.ts";
import { readPromotionTable } from "../../../support/promotion-table.ts";

const shipping = 300;
const pounds = (minor: number) => (minor / 100).toFixed(2);
const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

/** The last four cells of a row, as the rules make them. */
function cellsOf({ lines, names, rules, country, groups, hasCoupon }: PromotionCase): string[] {
  const shippers = new Set(lines.map(({ merchantId }) => merchantId ?? null));
  const { adjustments, unapplied } = applyRules(lines, compileRules(rules), {
    now: 0,
    country,
    groups,
    hasCoupon,
    shipping: new Map([...shippers].map((one) => [one, shipping])),
    standings: new Map(),
  });
  const off = lines.map((_, index) => sum(adjustments.map(({ discounts }) => discounts[index] ?? 0)));
  const waived = sum(adjustments.flatMap((one) => [...one.shipping.values()]));
  const shipped = shippers.size * shipping - waived;
  const goods = sum(lines.map(({ quantity, unitPrice }) => quantity * unitPrice.amount));
  const given = adjustments.map((one) => {
    const total = one.amount + sum([...one.shipping.values()]);
    return [one.rule.name, pounds(total)] as const;
  });
  const refused = unapplied.map(({ rule, reason }) => [rule.name, reason] as const);
  return [
    off.flatMap((amount, index) => (amount === 0 ? [] : [`${names[index]} ${pounds(amount)}`])).join(", ") ||
      "–",
    pounds(shipped),
    pounds(goods - sum(off) + shipped),
    [...given, ...refused]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, what]) => `${name}: ${what}`)
      .join("; ") || "–",
  ];
}

describe("the table of promotions", () => {
  const cases = readPromotionTable();
  test("has its cases", () => expect(cases.length).toBeGreaterThanOrEqual(60));

  test.each(cases.map((one) => [one.says, one] as const))("%s", (_, one) => {
    expect(cellsOf(one)).toEqual([...one.expected]);
  });
});
