import { randomBytes } from "node:crypto";
import { demoPeople } from "./data/people.ts";
import { sellers as demoSellers } from "./data/merchants.ts";
import type { DemoShop } from "./demo-shop.ts";
import { moderateReviews } from "./moderate-reviews.ts";
import { planOrders } from "./plan-orders.ts";
import { seedAfterSales } from "./seed-after-sales.ts";
import type { Customer } from "./seed-customers.ts";
import { customerEmail, hasCustomers, seedCustomers } from "./seed-customers.ts";
import { seedInterests } from "./seed-interests.ts";
import type { Seller } from "./seed-merchants.ts";
import { ownerEmail, seedMerchants } from "./seed-merchants.ts";
import type { Trade } from "./seed-orders.ts";
import { seedOrders } from "./seed-orders.ts";
import { renditionsMade, seedProducts } from "./seed-products.ts";
import { seedReviews } from "./seed-reviews.ts";
import { seedSettlements } from "./seed-settlements.ts";
import { stockMerchants } from "./stock-merchants.ts";

/** What was added. */
export interface Seeded {
  readonly products: number;
  readonly merchants: number;
  readonly customers: number;
  readonly orders: readonly Trade[];
  readonly afterSales: number;
  readonly reviews: number;
  /** How to log in; undefined when no accounts were added. */
  readonly logIn?: { readonly password: string; readonly customer: string; readonly owner?: string };
}

/**
 * Fills a shop with the demonstration mall: products, and what merchants and customers do with them, as far as the
 * services for it are installed. All goes through the shop's actions, as those who would call them.
 *
 * @param people false: products only
 * @throws StartError when the shop has products of its own
 */
export async function seedMall(shop: DemoShop, { people }: { readonly people: boolean }): Promise<Seeded> {
  const nothing = { merchants: 0, customers: 0, orders: [], afterSales: 0, reviews: 0 };
  const products = await seedProducts(shop);
  if (!people || !shop.has("users") || (await hasCustomers(shop))) {
    await renditionsMade(shop);
    return { products, ...nothing };
  }

  // One for all, since whoever shows a mall changes sides; known to nobody else.
  const password = randomBytes(15).toString("base64url");
  const customers = await seedCustomers(shop, password);
  const sellers = shop.has("merchants") ? await seedMerchants(shop, password) : [];
  const trade = await seedTrade(shop, customers, sellers);
  await renditionsMade(shop);
  await shop.settled();
  const [first] = demoSellers;
  const owner = sellers.length > 0 && first ? { owner: ownerEmail(first) } : {};
  const logIn = { password, customer: customerEmail(0), ...owner };
  return { products, merchants: sellers.length, customers: customers.length, ...trade, logIn };
}

async function seedTrade(
  shop: DemoShop,
  customers: readonly Customer[],
  sellers: readonly Seller[],
): Promise<Pick<Seeded, "orders" | "afterSales" | "reviews">> {
  const wares = await stockMerchants(shop, sellers);
  if (!shop.has("orders")) {
    await seedInterests(shop, customers, sellers, wares);
    return { orders: [], afterSales: 0, reviews: 0 };
  }
  const sellerOf = new Map(sellers.map((seller) => [seller.id, seller]));
  const orders = await seedOrders(shop, planOrders(wares, demoPeople), customers, sellerOf);
  const afterSales = shop.has("after-sales") ? await seedAfterSales(shop, orders, sellerOf) : 0;
  const reviews = shop.has("reviews") ? await seedReviews(shop, orders, customers, sellerOf) : [];
  if (shop.has("reviews")) await moderateReviews(shop, reviews, customers);
  await seedInterests(shop, customers, sellers, wares);
  if (shop.has("settlements", "merchants")) await seedSettlements(shop, sellers);
  return { orders, afterSales, reviews: reviews.length };
}
