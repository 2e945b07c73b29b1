import { productCount } from "../bench.ts";
import type { SoldVariant } from "../data/catalogue.ts";
import { variantOf, variantsPerProduct } from "../data/catalogue.ts";
import type { HttpRequest } from "../load/wrk.ts";
import { sendRequests } from "../load/wrk.ts";
import type { Contender, Work } from "../work.ts";
import type { Side } from "./sides.ts";
import { Expectation, sidesOf } from "./sides.ts";

const connections = 16;
const variantCount = productCount * variantsPerProduct;
const addsPerCart = 4;
const cartsToRead = 1000;

/** Pseudo-random order without close repetitions. */
export const anyVariant = (index: number) => variantOf((index * 7919) % variantCount);

export function adding(
  { name, target, carts }: Side,
  variant: (index: number) => SoldVariant,
  atOnce: number,
): Contender {
  const expectation = new Expectation(1000);
  let requests: HttpRequest[] = [];
  return {
    name,
    processes: target.processes,
    async prepare(seconds) {
      const made = await carts(Math.ceil(expectation.for(seconds) / addsPerCart), () => []);
      // One item per cart before any cart gets a second one.
      requests = Array.from({ length: addsPerCart }, (_, round) => round).flatMap((round) =>
        made.map(({ id, token }, index) => ({
          method: "POST",
          path: `/api/v1/carts/${id}/items`,
          headers: { "X-Cart-Token": token },
          body: { variantId: variant(index * addsPerCart + round).id, quantity: 1 },
        })),
      );
    },
    measure: async (seconds) =>
      expectation.learn(await sendRequests(target.url, requests, { connections: atOnce, seconds }, "once")),
  };
}

export const addToCart: Work = {
  name: "cart-add",
  title: "put something into a cart",
  goals: [{ of: "rate ratio", atLeast: 0.5 }],
  contenders: (bench) => Promise.resolve(sidesOf(bench).map((side) => adding(side, anyVariant, connections))),
};

export const readCart: Work = {
  name: "cart-read",
  title: "read a cart with three things in it",
  goals: [{ of: "rate ratio", atLeast: 0.5 }],
  contenders: (bench) =>
    Promise.all(
      sidesOf(bench).map(async ({ name, target, carts }): Promise<Contender> => {
        const made = await carts(cartsToRead, (index) => [0, 1, 2].map((nth) => anyVariant(index * 3 + nth)));
        const requests = made.map(({ id, token }) => ({
          method: "GET",
          path: `/api/v1/carts/${id}`,
          headers: { "X-Cart-Token": token },
        }));
        return {
          name,
          processes: target.processes,
          measure: (seconds) => sendRequests(target.url, requests, { connections, seconds }, "again"),
        };
      }),
    ),
};
