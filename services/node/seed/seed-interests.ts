import { guest } from "../../../mixins/contract/caller.ts";
import { numberOf } from "../../catalog/demo/demo-mall.ts";
import { callerOf } from "./accounts.ts";
import { searches } from "./data/orders.ts";
import type { DemoShop } from "./demo-shop.ts";
import type { Customer } from "./seed-customers.ts";
import type { Seller } from "./seed-merchants.ts";
import type { Ware } from "./stock-merchants.ts";

const viewsEach = 9;
const favouritesEach = 5;
const followsEach = 3;

/** What customers look at and keep, the merchants that they follow, and what visitors search for. */
export async function seedInterests(
  shop: DemoShop,
  customers: readonly Customer[],
  sellers: readonly Seller[],
  wares: readonly Ware[],
): Promise<void> {
  const selling = sellers.filter(({ demo }) => demo.status === "active");
  const onSale = wares.filter(({ seller }) => seller === undefined || seller.demo.status === "active");
  await shop.each("favourites and history", customers, async ({ number, demo, account }) => {
    const liked = onSale.filter(({ department }) => demo.likes.includes(department));
    const as = callerOf(account);
    if (shop.has("browsing-history"))
      for (const { id: productId } of some(liked, viewsEach, `views ${number}`))
        await shop.call("browsing-history.create", { productId }, as);
    if (shop.has("favourites"))
      for (const { id: productId } of some(liked, favouritesEach, `favourites ${number}`))
        await shop.call("favourites.create", { productId }, as);
    for (const { id } of some(selling, followsEach, `follows ${number}`))
      await shop.call("merchants.followed.add", { id }, as);
  });
  await shop.each("searches", searches, async (q, index) => {
    for (let times = 0; times < 1 + (index % 4); times += 1)
      await shop.call("catalog.products.list", { q, limit: 5 + times }, guest);
  });
}

/** Different ones, the same for the same key. */
function some<T>(all: readonly T[], count: number, key: string): T[] {
  const chosen = Array.from({ length: count }, (_, index) => all[numberOf(`${key} ${index}`, all.length)]);
  return [...new Set(chosen)].filter((one) => one !== undefined);
}
