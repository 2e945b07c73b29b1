import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { maxItems, maxQuantity } from "../../../services/cart/cart.contract.ts";
import type { Item } from "../../replay/plan.ts";
import { mergeLines, planCatalogue, splitIntoOrders, worthOf } from "../../replay/plan.ts";
import { Purchases } from "../../replay/purchases.ts";
import type { Invoice } from "../../replay/read-invoices.ts";

let row = 1;
const line = (stockCode: string, unitPrice: number, quantity: number, description = "") => ({
  row: ++row,
  stockCode,
  unitPrice,
  quantity,
  description,
});
const invoice = (kind: Invoice["kind"], ...lines: Invoice["lines"]): Invoice => ({
  number: `${row}`,
  kind,
  customer: "1",
  country: "France",
  issuedAt: "2010-12-01 08:26",
  lines,
});

describe("the catalogue of a file", () => {
  test("an article has a variant for each of its prices, and as many goods as are sold at it", () => {
    const [product] = planCatalogue([
      invoice("sale", line("85123A", 255, 6), line("85123A", 295, 1)),
      invoice("sale", line("85123A", 255, 4)),
      invoice("cancellation", line("85123A", 100, 4)),
    ]);
    expect(product).toMatchObject({
      slug: "online-retail-85123a",
      variants: [
        { sku: "85123A-255", unitPrice: 255, units: 10 },
        { sku: "85123A-295", unitPrice: 295, units: 1 },
      ],
    });
  });

  test("an article has its most frequent name, however many of its lines have none", () => {
    const sold = ["", "", "", "RED LAMP", "LAMP RED", "LAMP RED"].map((name) => line("1", 1, 1, name));
    expect(planCatalogue([invoice("sale", ...sold)])).toMatchObject([{ name: "LAMP RED" }]);
    expect(planCatalogue([invoice("sale", line("1", 1, 1))])).toMatchObject([{ name: "Article 1" }]);
  });
});

describe("the orders of an invoice", () => {
  test("lines of one article at one price become one item", () => {
    const items = mergeLines([line("1", 50, 2), line("2", 50, 1), line("1", 50, 3), line("1", 60, 1)]);
    expect(items).toEqual([
      { sku: "1-50", unitPrice: 50, quantity: 5 },
      { sku: "2-50", unitPrice: 50, quantity: 1 },
      { sku: "1-60", unitPrice: 60, quantity: 1 },
    ]);
  });

  test("an ordinary invoice is one order", () => {
    const items = [{ sku: "1-50", unitPrice: 50, quantity: maxQuantity }];
    expect(splitIntoOrders(items)).toEqual([items]);
  });

  test("every order fits into a cart, and together they equal the request", () => {
    const quantities = fc.array(fc.integer({ min: 1, max: 5 * maxQuantity }), { maxLength: 3 * maxItems });
    fc.assert(
      fc.property(quantities, (wanted) => {
        const items = wanted.map((quantity, index) => ({ sku: `${index}-7`, unitPrice: 7, quantity }));
        const orders = splitIntoOrders(items);
        for (const order of orders) {
          expect(order.length).toBeLessThanOrEqual(maxItems);
          expect(new Set(order.map(({ sku }) => sku)).size).toBe(order.length);
          for (const { quantity } of order) expect(quantity).toBeLessThanOrEqual(maxQuantity);
        }
        const sum = (sku: string) =>
          orders
            .flat()
            .reduce((units: number, item: Item) => units + (item.sku === sku ? item.quantity : 0), 0);
        for (const { sku, quantity } of items) expect(sum(sku)).toBe(quantity);
        expect(orders.reduce((worth, order) => worth + worthOf(order), 0)).toBe(worthOf(items));
      }),
      { numRuns: 30 },
    );
  });
});

describe("returnable purchases", () => {
  const bought = (orderId: string, quantity: number) => ({ orderId, lineId: `line of ${orderId}`, quantity });

  test("the latest purchase is given back first, then those before it", () => {
    const purchases = new Purchases();
    purchases.remember("1", "A-1", bought("first", 3));
    purchases.remember("1", "A-1", bought("second", 2));
    expect(purchases.take("1", "A-1", 4)).toEqual([
      bought("second", 2),
      { ...bought("first", 3), quantity: 2 },
    ]);
    expect(purchases.take("1", "A-1", 4)).toEqual([{ ...bought("first", 3), quantity: 1 }]);
    expect(purchases.take("1", "A-1", 4)).toEqual([]);
  });

  test("another customer's purchases, and those at another price, are out of reach", () => {
    const purchases = new Purchases();
    purchases.remember("1", "A-1", bought("first", 3));
    expect(purchases.take("2", "A-1", 1)).toEqual([]);
    expect(purchases.take("1", "A-2", 1)).toEqual([]);
  });
});
