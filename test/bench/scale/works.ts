import type { SoldVariant } from "../data/catalogue.ts";
import { variantOf, variantsPerProduct } from "../data/catalogue.ts";
import { prepareCarts } from "../data/carts.ts";
import { withData } from "../data/databases.ts";
import type { Person } from "../data/people.ts";
import { sendRequests } from "../load/wrk.ts";
import type { Contender } from "../work.ts";
import { adding } from "../works/carts.ts";
import { ordering } from "../works/orders.ts";
import type { Side } from "../works/sides.ts";
import { soldOutOneIn } from "./catalogue-rows.ts";
import type { FilledShop } from "./filled-shop.ts";
import type { Read } from "./reads.ts";
import { reads } from "./reads.ts";

/** A shop of a size, with people to send requests as. */
export interface PeopledShop extends FilledShop {
  readonly customers: readonly Person[];
  readonly staff: Person;
}

/** A work measured in shops of several sizes. */
export interface ScaleWork {
  readonly name: string;
  readonly title: string;
  contender(shop: PeopledShop): Promise<Contender>;
}

const connections = 4;
const differentRequests = 2000;
const cartsToRead = 1000;

function reading({ name, title, path }: Read): ScaleWork {
  return {
    name,
    title,
    contender({ size, staff, url, processes }) {
      const headers = { Authorization: `Bearer ${staff.accessToken}` };
      const requests = Array.from({ length: differentRequests }, (_, n) => ({
        method: "GET",
        path: `/api/v1${path(size, n)}`,
        headers,
      }));
      return Promise.resolve({
        name: size.name,
        processes,
        measure: (seconds) => sendRequests(url, requests, { connections, seconds }, "again"),
      });
    },
  };
}

/** Any variant that is in stock. */
function anyVariantOf({ size }: PeopledShop, index: number): SoldVariant {
  const variant = (index * 7919) % size.variants;
  const isSoldOut = Math.floor(variant / variantsPerProduct) % soldOutOneIn === 0;
  return variantOf(isSoldOut ? variant + variantsPerProduct : variant);
}

function sideOf(shop: PeopledShop): Side {
  return {
    name: "shop",
    target: shop,
    customers: shop.customers.map(({ accessToken }) => `Bearer ${accessToken}`),
    staff: `Bearer ${shop.staff.accessToken}`,
    carts: (count, contents) =>
      withData(shop.config, "cart", (database) => prepareCarts(database, count, contents)),
  };
}

const addToCart: ScaleWork = {
  name: "cart-add",
  title: "put something into a cart",
  contender: (shop) =>
    Promise.resolve({
      ...adding(sideOf(shop), (index) => anyVariantOf(shop, index), connections),
      name: shop.size.name,
    }),
};

const readCart: ScaleWork = {
  name: "cart-read",
  title: "read a cart with three things in it",
  async contender(shop) {
    const made = await sideOf(shop).carts(cartsToRead, (index) =>
      [0, 1, 2].map((nth) => anyVariantOf(shop, index * 3 + nth)),
    );
    const requests = made.map(({ id, token }) => ({
      method: "GET",
      path: `/api/v1/carts/${id}`,
      headers: { "X-Cart-Token": token },
    }));
    const { size, url, processes } = shop;
    return {
      name: size.name,
      processes,
      measure: (seconds) => sendRequests(url, requests, { connections, seconds }, "again"),
    };
  },
};

const order: ScaleWork = {
  name: "order",
  title: "order a cart of two things",
  contender: (shop) =>
    Promise.resolve(
      ordering(
        sideOf(shop),
        connections,
        (index) => [0, 1].map((nth) => anyVariantOf(shop, index * 2 + nth)),
        shop.size.name,
      ),
    ),
};

export const scaleWorks: readonly ScaleWork[] = [...reads.map(reading), addToCart, readCart, order];
