import type { Bench } from "../bench.ts";
import type { PreparedCart } from "../data/carts.ts";
import { prepareCarts } from "../data/carts.ts";
import type { SoldVariant } from "../data/catalogue.ts";
import { withData } from "../data/databases.ts";
import { floorPrefix } from "../floor/floor-tables.ts";
import { writeToken } from "../floor/tokens.ts";
import type { Target } from "../processes.ts";

/** Shop and baseline, for work prepared for both alike. */
export interface Side {
  readonly name: "shop" | "floor" | "floor without binlog";
  readonly target: Target;
  /** Authorization of customers. */
  readonly customers: readonly string[];
  /** Authorization of the staff who record payments. */
  readonly staff: string;
  readonly carts: (
    count: number,
    contents: (index: number) => readonly SoldVariant[],
  ) => Promise<PreparedCart[]>;
}

/** The shop first. */
export function sidesOf({
  shop,
  floor,
  floorWithoutBinlog,
  floorData,
  customers,
  staff,
}: Bench): [Side, ...Side[]] {
  const floorSide = (name: Side["name"], target: Target): Side => ({
    name,
    target,
    customers: customers.map(({ id }) => `Bearer ${writeToken(id)}`),
    staff: `Bearer ${writeToken(staff.id)}`,
    carts: (count, contents) => prepareCarts(floorData, count, contents, floorPrefix),
  });
  return [
    {
      name: "shop",
      target: shop,
      customers: customers.map(({ accessToken }) => `Bearer ${accessToken}`),
      staff: `Bearer ${staff.accessToken}`,
      carts: (count, contents) =>
        withData(shop.config, "cart", (database) => prepareCarts(database, count, contents)),
    },
    floorSide("floor", floor),
    ...(floorWithoutBinlog ? [floorSide("floor without binlog", floorWithoutBinlog)] : []),
  ];
}

/** Estimates the number of requests to prepare, with a margin, from the previous measurement. */
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
