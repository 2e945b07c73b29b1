import { describe, expect, test } from "@jest/globals";
import type { Texts } from "../../../services/catalog/demo/demo-kind.ts";
import { demoDepartments, mallProducts } from "../../../services/catalog/demo/demo-mall.ts";
import { drawLogo } from "../../../services/catalog/demo/draw-picture.ts";
import { afterSaleStatuses } from "../../../services/after-sales/domain/transitions.ts";
import { demoAfterSales } from "../../../services/node/seed/data/after-sales.ts";
import { others } from "../../../services/node/seed/data/applicants.ts";
import { sellers } from "../../../services/node/seed/data/merchants.ts";
import { outcomes, showcase } from "../../../services/node/seed/data/orders.ts";
import { demoPeople } from "../../../services/node/seed/data/people.ts";
import { answers, reviewTexts } from "../../../services/node/seed/data/reviews.ts";
import { planOrders } from "../../../services/node/seed/plan-orders.ts";
import type { Ware } from "../../../services/node/seed/stock-merchants.ts";

const merchants = [...sellers, ...others];
const sections = new Map(
  demoDepartments.flatMap(({ slug, sections }) => sections.map((section) => [section.slug, slug] as const)),
);
const wares = mallProducts().map((product): Ware => {
  const demo = merchants.find((one) => one.sections.includes(product.category));
  const owner = { userId: "", sessionId: "", email: "" };
  const seller = demo && { id: demo.slug, demo, owner };
  return { id: product.slug, product, department: sections.get(product.category) ?? "", seller };
});
const plan = planOrders(wares, demoPeople);

describe("the demonstration's merchants", () => {
  test("are 20 that sell, and some in each other state, each with sections of its own", () => {
    const counts = Map.groupBy(merchants, ({ status }) => status);
    expect(counts.get("active")).toHaveLength(20);
    expect([...counts.keys()].toSorted()).toEqual(["active", "closed", "pending", "rejected", "suspended"]);
    expect(new Set(merchants.map(({ slug }) => slug)).size).toBe(merchants.length);
    const theirs = merchants.flatMap((one) => one.sections);
    expect(new Set(theirs).size).toBe(theirs.length);
    expect(theirs.filter((section) => !sections.has(section))).toEqual([]);
    for (const { sections: own } of sellers) expect(own.length).toBeGreaterThan(0);
    // The shop itself sells, too.
    expect(wares.filter(({ seller }) => seller === undefined).length).toBeGreaterThan(50);
  });

  test("have logos that differ", () => {
    expect(new Set(merchants.map(({ logo }) => drawLogo(logo))).size).toBe(merchants.length);
  });
});

test("texts are there in three languages, for products of each department", () => {
  const texts = [
    ...merchants.flatMap(({ name, description }) => [name, description]),
    ...demoAfterSales.map(({ text }) => text),
    ...[...Object.values(reviewTexts), answers].flatMap((tones) =>
      Object.values<readonly Texts[]>(tones).flat(),
    ),
  ];
  expect(texts.flat().filter((text) => text.trim() === "")).toEqual([]);
  expect(texts.filter(([, zh]) => !/\p{Script=Han}/u.test(zh))).toEqual([]);
  expect(texts.filter(([, , ja]) => !/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(ja))).toEqual([]);
  const departments = demoDepartments.map(({ slug }) => slug).toSorted();
  expect(Object.keys(reviewTexts).toSorted()).toEqual(departments);
  expect(demoPeople.flatMap(({ likes }) => likes).filter((one) => !departments.includes(one))).toEqual([]);
});

describe("the plan of orders", () => {
  test("is always the same, with every outcome and after-sale", () => {
    expect(planOrders(wares, demoPeople)).toEqual(plan);
    const wanted = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
    expect(plan).toHaveLength(wanted + showcase.length + 2 * demoAfterSales.length);
    expect(new Set(plan.map(({ outcome }) => outcome))).toEqual(new Set(Object.keys(outcomes)));
    const ends = plan.flatMap(({ afterSale }) => (afterSale ? [afterSale.ends] : []));
    expect(new Set(ends)).toEqual(new Set(afterSaleStatuses));
    const ofFirst = plan.filter(({ customer }) => customer === 0).map(({ outcome }) => outcome);
    expect(ofFirst).toEqual(expect.arrayContaining([...showcase]));
    expect(new Set(plan.map(({ customer }) => customer)).size).toBe(demoPeople.length);
    expect(new Set(plan.map(({ coupon }) => coupon))).toEqual(
      new Set([undefined, "THREE-OFF", "FIRST-FIVE", "WELCOME10"]),
    );
  });

  test("sells no more than there is, and only of those who may sell", () => {
    const sold = new Map<string, number>();
    for (const { variant, quantity } of plan.flatMap(({ lines }) => lines))
      sold.set(variant.sku, (sold.get(variant.sku) ?? 0) + quantity);
    const variants = wares.flatMap(({ product }) => product.variants);
    expect(variants.filter(({ sku, stock }) => (sold.get(sku) ?? 0) > stock)).toEqual([]);
    const lines = plan.flatMap((order) => order.lines);
    expect(lines.filter(({ ware }) => (ware.seller?.demo.status ?? "active") !== "active")).toEqual([]);
    const idle = sellers.filter((demo) => !lines.some(({ ware }) => ware.seller?.demo === demo));
    expect(idle).toEqual([]);
  });

  test("has orders of several merchants, and shows the first one every state", () => {
    const several = plan.filter(({ lines }) => new Set(lines.map(({ ware }) => ware.seller)).size > 1);
    expect(several.length).toBeGreaterThan(30);
    const [first] = sellers;
    const ofFirst = plan.filter(({ lines }) => lines.some(({ ware }) => ware.seller?.demo === first));
    const shown = new Set(ofFirst.map(({ outcome }) => outcome));
    for (const outcome of ["to-ship", "shipped", "delivered", "received"] as const)
      expect(shown).toContain(outcome);
  });
});
