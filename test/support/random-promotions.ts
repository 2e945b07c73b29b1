import type { RuleCircumstances, RuledLine } from "../../services/orders/domain/promotions/apply-rules.ts";
import type { Rule, RuleAction, RuleScope } from "../../services/orders/domain/promotions/rule.ts";
import { plainRule } from "./promotion-table.ts";

/** Random baskets and rules, the same for the same seed. */

export interface RandomPurchase {
  readonly lines: readonly RuledLine[];
  readonly rules: readonly Rule[];
  readonly circumstances: RuleCircumstances;
}

export class RandomPromotions {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  purchase(): RandomPurchase {
    const lines = Array.from({ length: this.below(7) }, (_, index) => this.#line(index));
    const rules = Array.from({ length: this.below(7) }, (_, index) => this.#rule(index));
    const shippers = new Set(lines.map(({ merchantId }) => merchantId ?? null));
    return {
      lines,
      rules,
      circumstances: {
        now: this.below(100),
        country: this.#one(["GB", "DE", null]),
        groups: this.#one([[], ["members"], ["members", "staff"]]),
        hasCoupon: this.#chance(3),
        shipping: new Map([...shippers].map((one) => [one, this.below(500)])),
        standings: new Map(
          rules.slice(0, this.below(3)).map(({ id }) => {
            return [
              id,
              { uses: this.below(4), spent: this.below(3000), usesOfCustomer: this.below(3) },
            ] as const;
          }),
        ),
      },
    };
  }

  /** The same things in another order. */
  shuffled<T>(things: readonly T[]): T[] {
    return things
      .map((thing) => [this.below(1_000_000), thing] as const)
      .toSorted(([one], [other]) => one - other)
      .map(([, thing]) => thing);
  }

  below(limit: number): number {
    // mulberry32
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  #line(index: number): RuledLine {
    return {
      variantId: `variant ${index}`,
      productId: `product ${this.below(4)}`,
      brandId: this.#one([null, "brand 0", "brand 1"]),
      merchantId: this.#one([null, "merchant 0", "merchant 1"]),
      categoryIds: this.#one([["category 0"], ["category 1", "category 0"], []]),
      quantity: 1 + this.below(6),
      unitPrice: { amount: this.#one([0, 1, 99, 250, 999, 100_000, this.below(5000)]), currency: "GBP" },
    };
  }

  #rule(index: number): Rule {
    const limit = (largest: number) => (this.#chance(4) ? 1 + this.below(largest) : null);
    return {
      ...plainRule,
      id: `rule ${index}`,
      name: `rule ${index}`,
      merchantId: this.#one([null, null, "merchant 0"]),
      active: !this.#chance(10),
      validFrom: this.#chance(5) ? this.below(100) : null,
      validUntil: this.#chance(5) ? this.below(100) : null,
      scope: this.#scope(),
      conditions: {
        ...(this.#chance(4) && { minimumSubtotalMinor: this.below(3000) }),
        ...(this.#chance(5) && { minimumQuantity: this.below(8) }),
        ...(this.#chance(6) && { groups: ["members"] }),
        ...(this.#chance(6) && { countries: ["GB"] }),
      },
      action: this.#action(),
      priority: this.below(3),
      exclusiveGroup: this.#one([null, null, "group"]),
      combinable: !this.#chance(5),
      withCoupons: !this.#chance(5),
      perOrderMinor: limit(500),
      totalLimit: limit(3),
      perCustomerLimit: limit(2),
      budgetMinor: limit(5000),
    };
  }

  #scope(): RuleScope {
    const except = this.#chance(4)
      ? [this.#one(["product 0", "category 1", "brand 1", "merchant 1"])]
      : undefined;
    const kind = this.#one(["all", "products", "categories", "brands", "merchants"] as const);
    const of = {
      products: "product",
      categories: "category",
      brands: "brand",
      merchants: "merchant",
    } as const;
    return kind === "all"
      ? { kind, ids: [], except }
      : { kind, ids: [`${of[kind]} 0`, `${of[kind]} 1`], except };
  }

  #action(): RuleAction {
    const basisPoints = this.#one([1, 1250, 3333, 5000, 10_000]);
    return this.#one<RuleAction>([
      { kind: "percent", basisPoints },
      { kind: "amount", amountMinor: 1 + this.below(2000) },
      {
        kind: "spend",
        tiers: [
          { fromMinor: 500, offMinor: 100 },
          { fromMinor: 2000, offMinor: 700 },
        ],
      },
      {
        kind: "quantity",
        tiers: [
          { from: 2, basisPoints: 500 },
          { from: 5, basisPoints },
        ],
      },
      { kind: "buy-get", buy: 1 + this.below(3), get: 1 + this.below(2), basisPoints },
      { kind: "cheapest", pieces: 1 + this.below(3), basisPoints },
      { kind: "free-shipping" },
      { kind: "price", unitPriceMinor: this.below(500) },
      { kind: "price-percent", basisPoints },
    ]);
  }

  #chance(oneIn: number): boolean {
    return this.below(oneIn) === 0;
  }

  #one<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }
}
