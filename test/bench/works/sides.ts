import type { Bench } from "../bench.ts";
import type { PreparedCart } from "../data/carts.ts";
import { prepareCarts } from "../data/carts.ts";
import type { SoldVariant } from "../data/catalogue.ts";
import { withData } from "../data/databases.ts";
import { floorPrefix } from "../floor/floor-tables.ts";
import { writeToken } from "../floor/tokens.ts";
import type { Target } from "../processes.ts";

/** Shop and floor as those see them who prepare work for both alike. */
export interface Side {
  readonly name: "shop" | "floor";
  readonly target: Target;
  /** Authorization of customers. */
  readonly customers: readonly string[];
  /** Authorization of who records payments. */
  readonly staff: string;
  readonly carts: (count: number, contents: (index: number) => readonly SoldVariant[]) => Promise<PreparedCart[]>;
}

export function sidesOf({ shop, floor, floorData, customers, staff }: Bench): [Side, Side] {
  return [
    {
      name: "shop",
      target: shop,
      customers: customers.map(({ accessToken }) => `Bearer ${accessToken}`),
      staff: `Bearer ${staff.accessToken}`,
      carts: (count, contents) => withData(shop.config, "cart", (database) => prepareCarts(database, count, contents)),
    },
    {
      name: "floor",
      target: floor,
      customers: customers.map(({ id }) => `Bearer ${writeToken(id)}`),
      staff: `Bearer ${writeToken(staff.id)}`,
      carts: (count, contents) => prepareCarts(floorData, count, contents, floorPrefix),
    },
  ];
}

/** How many requests to prepare: more than will be made, judged by the measurement before. */
export class Expectation {
  #perSecond: number;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  for(seconds: number): number {
    return Math.ceil(this.#perSecond * seconds);
  }

  learn<A extends { readonly requests: number; readonly seconds: number }>(answers: A): A {
    this.#perSecond = Math.max(200, (answers.requests / answers.seconds) * 1.6);
    return answers;
  }
}
