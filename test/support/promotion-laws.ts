import { applyRules } from "../../services/orders/domain/promotions/apply-rules.ts";
import { compileRules } from "../../services/orders/domain/promotions/compile.ts";
import type { RandomPromotions, RandomPurchase } from "./random-promotions.ts";

/** What holds for every purchase; the laws that this one breaks. */
export function brokenLaws(purchase: RandomPurchase, random: RandomPromotions): string[] {
  const { lines, rules, circumstances } = purchase;
  const { adjustments, unapplied } = applyRules(lines, compileRules(rules), circumstances);
  const broken: string[] = [];
  const law = (says: string, holds: boolean) => void (holds || broken.push(says));
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

  const off = lines.map((_, index) => sum(adjustments.map(({ discounts }) => discounts[index] ?? 0)));
  law(
    "no line is negative",
    lines.every(({ quantity, unitPrice }, index) => (off[index] ?? 0) <= quantity * unitPrice.amount),
  );
  law(
    "amounts are whole and positive",
    adjustments.every(({ amount, discounts, shipping }) =>
      [amount, ...discounts, ...shipping.values()].every((one) => Number.isSafeInteger(one) && one >= 0),
    ),
  );
  law(
    "each adjustment is the sum of its lines",
    adjustments.every(({ amount, discounts }) => amount === sum(discounts)),
  );
  law(
    "each adjustment gives something",
    adjustments.every(({ amount, shipping }) => amount + sum([...shipping.values()]) > 0),
  );
  law(
    "no shipping is negative",
    [...circumstances.shipping].every(
      ([merchantId, amount]) => sum(adjustments.map((one) => one.shipping.get(merchantId) ?? 0)) <= amount,
    ),
  );
  law("every rule has one outcome", adjustments.length + unapplied.length === rules.length);
  for (const { rule, amount, discounts, shipping } of adjustments) {
    const given = amount + sum([...shipping.values()]);
    law(
      "a merchant's rule touches its own goods only",
      rule.merchantId === null ||
        (discounts.every((one, index) => one === 0 || lines[index]?.merchantId === rule.merchantId) &&
          [...shipping.keys()].every((one) => one === rule.merchantId)),
    );
    law("no order gets more than its maximum", rule.perOrderMinor === null || given <= rule.perOrderMinor);
    const standing = circumstances.standings.get(rule.id) ?? { uses: 0, spent: 0, usesOfCustomer: 0 };
    law("no budget is exceeded", rule.budgetMinor === null || standing.spent + given <= rule.budgetMinor);
    law("no limit is exceeded", rule.totalLimit === null || standing.uses < rule.totalLimit);
    law(
      "no customer's limit is exceeded",
      rule.perCustomerLimit === null || standing.usesOfCustomer < rule.perCustomerLimit,
    );
    law("a rule that is not combinable stands alone", rule.combinable || adjustments.length === 1);
    law("rules that give way to coupons do", rule.withCoupons || !circumstances.hasCoupon);
  }
  const groups = adjustments.flatMap(({ rule }) => rule.exclusiveGroup ?? []);
  law("one rule of an exclusive group applies", new Set(groups).size === groups.length);

  const order = random.shuffled([...lines.keys()]);
  const again = applyRules(
    order.flatMap((index) => lines[index] ?? []),
    compileRules(random.shuffled(rules)),
    circumstances,
  );
  const shown = adjustments.map(({ rule, discounts }) => [rule.id, order.map((index) => discounts[index])]);
  const reshown = again.adjustments.map(({ rule, discounts }) => [rule.id, discounts]);
  law("the order of lines and rules has no effect", JSON.stringify(shown) === JSON.stringify(reshown));
  return broken;
}
