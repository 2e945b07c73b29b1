import { productRows, slugOf, variantOf, variantsPerProduct, wordOf } from "../data/catalogue.ts";
import { idOf, madeAt } from "../data/made-up-ids.ts";
import {
  belongingsOf,
  brands,
  brandSlug,
  departments,
  departmentSlug,
  productsOf,
  shelfSlug,
  shelvesOf,
} from "./catalogue-rows.ts";
import { customerOf } from "./order-rows.ts";
import { entriesPerOrder, staff } from "./audit-rows.ts";
import type { Size } from "./sizes.ts";

/** A read by staff, whose responses are not cached, at another position each time. */
export interface Read {
  readonly name: string;
  readonly title: string;
  /** Path of the n-th request, without `/api/v1`. */
  readonly path: (size: Size, n: number) => string;
}

/** The n-th of many positions, far from the previous one. */
const place = (count: number, n: number) => (n * 7919) % count;

/** A cursor in the middle of a list: the page after it should cost the same as the first one. */
function behind(sort: string, ...values: readonly (string | number)[]): string {
  return `sort=${sort}&cursor=${Buffer.from(JSON.stringify([sort, ...values])).toString("base64url")}`;
}

const eightFacets =
  "facets=brand,tag,price,category,attr.colour,attr.material,attr.pattern,attr.weight" as const;

const facets: readonly Read[] = [
  {
    name: "facet-filter",
    title: "products of a colour, a twelfth of all, newest first",
    path: (_size, n) => `/products?attr.colour=colour-${n % 12}`,
  },
  {
    name: "facet-filters",
    title: "products of a colour, a material and a pattern",
    path(size, n) {
      const { colour, material, pattern } = belongingsOf(place(productsOf(size), n), size).attributes;
      return `/products?attr.colour=${colour}&attr.material=${material}&attr.pattern=${pattern}`;
    },
  },
  {
    name: "facets-shop",
    title: "the whole shop, counted by eight facets",
    path: () => `/products?${eightFacets}`,
  },
  {
    name: "facets-shelf",
    title: "a category of fifty products, counted by eight facets",
    path: (size, n) => `/products?category=${shelfSlug(place(shelvesOf(size), n))}&${eightFacets}`,
  },
  {
    name: "facets-chosen",
    title: "… with a brand, a colour and a material chosen, each of which is counted without itself",
    path(size, n) {
      const at = place(productsOf(size), n);
      const { colour, material } = belongingsOf(at, size).attributes;
      return `/products?brand=${brandSlug((at * 7919) % brands)}&attr.colour=${colour}&attr.material=${material}&${eightFacets}`;
    },
  },
  {
    name: "facets-search",
    title: "search for a word that every eleventh product has, counted by eight facets",
    path: (_size, n) => `/products?q=${wordOf(n * 12, false)}&${eightFacets}`,
  },
];

const products: readonly Read[] = [
  {
    name: "list-newest",
    title: "products, newest first, from anywhere in the list",
    path: (size, n) => {
      const product = place(productsOf(size), n);
      return `/products?${behind("-createdAt", madeAt(product), idOf("product", product))}`;
    },
  },
  {
    name: "list-price",
    title: "products by price, from anywhere in the list",
    path: (size, n) => {
      const product = place(productsOf(size), n);
      const prices = [0, 1].map((nth) => variantOf(product * variantsPerProduct + nth).price);
      return `/products?${behind("price", Math.min(...prices), idOf("product", product))}`;
    },
  },
  {
    name: "list-name",
    title: "products by name, from anywhere in the list",
    path: (size, n) => {
      const [row] = productRows(place(productsOf(size), n))["products"] ?? [];
      return `/products?${behind("name", String(row?.["name_key"]), String(row?.["id"]))}`;
    },
  },
  {
    name: "list-two-keys",
    title: "products by price, and of one price by name backwards",
    path: () => "/products?sort=price,-name",
  },
  {
    name: "shelf",
    title: "a category of fifty products, newest first",
    path: (size, n) => `/products?category=${shelfSlug(place(shelvesOf(size), n))}`,
  },
  {
    name: "department",
    title: "a tenth of all products, in a category with others below it, by price",
    path: (_size, n) => `/products?sort=price&category=${departmentSlug(n % departments)}`,
  },
  {
    name: "price-range",
    title: "fifty products in a range of prices, newest first",
    path: (size, n) => {
      const width = Math.ceil((9500 * 50) / productsOf(size));
      const from = 500 + place(9000 - width, n);
      return `/products?minPrice=${from}&maxPrice=${from + width - 1}`;
    },
  },
  {
    name: "sold-out",
    title: "what is sold out, a tenth of all, newest first",
    path: () => "/products?inStock=false",
  },
  {
    name: "in-stock",
    title: "what is in stock, by price",
    path: (_size, n) => `/products?inStock=true&sort=price&minPrice=${500 + (n % 1000)}`,
  },
  {
    name: "search-rare",
    title: "search for a word that one product has",
    path: (size, n) => `/products?q=${wordOf(place(productsOf(size), n), true)}`,
  },
  {
    name: "search-common",
    title: "search for a word that every eleventh product has",
    path: (_size, n) => `/products?q=${wordOf(n * 12, false)}`,
  },
  {
    name: "search-two",
    title: "search for two such words",
    path: (_size, n) => `/products?q=${wordOf(n * 12, false)}%20mug&sort=price`,
  },
  {
    name: "detail",
    title: "a product",
    path: (size, n) => `/products/${slugOf(place(productsOf(size), n))}`,
  },
];

const orders: readonly Read[] = [
  {
    name: "orders",
    title: "all orders, newest first, from anywhere in the list",
    path: (size, n) => {
      const order = place(size.orders, n);
      return `/orders?${behind("-placedAt", madeAt(order), idOf("order", order))}`;
    },
  },
  {
    name: "orders-paid",
    title: "orders that are paid, a tenth, the dearest first",
    path: () => "/orders?status=paid&sort=-total",
  },
  {
    name: "orders-two-statuses",
    title: "orders that are to be sent, a fifth, newest first",
    path: () => "/orders?unshipped=true",
  },
  {
    name: "orders-of-customer",
    title: "a customer's ten orders",
    path: (size, n) => `/orders?customerId=${idOf("user", place(size.customers, n))}`,
  },
  {
    name: "orders-of-product",
    title: "orders of one product",
    path: (size, n) => `/orders?productId=${idOf("product", place(productsOf(size), n))}`,
  },
  {
    name: "order-detail",
    title: "an order",
    path: (size, n) => `/orders/${idOf("order", place(size.orders, n))}`,
  },
  {
    name: "movements",
    title: "the stock ledger of a variant",
    path: (size, n) => `/variants/${idOf("variant", place(size.variants, n))}/stock-movements`,
  },
  { name: "users", title: "customers by e-mail", path: () => "/users?role=customer&sort=email" },
];

const audit: readonly Read[] = [
  {
    name: "audit",
    title: "the audit trail, newest first, from anywhere in it",
    path: (size, n) => {
      const entry = place(size.entries, n);
      return `/audit-events?${behind("-occurredAt", madeAt(entry), idOf("audit", entry))}`;
    },
  },
  {
    name: "audit-actor",
    title: "… of what one of twenty clerks did",
    path: (_size, n) => `/audit-events?actorId=${idOf("user", n % staff)}`,
  },
  { name: "audit-type", title: "… of failed logins", path: () => "/audit-events?type=users.login-failed" },
  {
    name: "audit-actor-type",
    title: "… of what a clerk sent",
    path: (_size, n) => `/audit-events?type=orders.shipped&actorId=${idOf("user", n % staff)}`,
  },
  { name: "audit-kind", title: "… of changes of stock", path: () => "/audit-events?entity=variant" },
  {
    name: "audit-entity",
    title: "… of one order",
    path: (size, n) => `/audit-events?entity=order&entityId=${idOf("order", place(size.orders, n))}`,
  },
  {
    name: "audit-customer",
    title: "… of what a customer did in an hour",
    path: (size, n) => {
      const order = place(size.orders, n);
      const from = madeAt(order * entriesPerOrder);
      const window = `from=${new Date(from).toISOString()}&before=${new Date(from + 3_600_000).toISOString()}`;
      return `/audit-events?actorId=${idOf("user", customerOf(order, size))}&${window}`;
    },
  },
  {
    name: "audit-verify",
    title: "ten thousand entries verified",
    path: (size, n) => `/audit-events/verification?segment=${place(size.entries / 10_000, n)}`,
  },
];

export const reads: readonly Read[] = [...products, ...facets, ...orders, ...audit];
