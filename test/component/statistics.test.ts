import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Service, ServiceBroker } from "moleculer";
import type { EventName, EventPayload } from "../../mixins/contract/calls.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import { randomFrom } from "../cluster/nemesis.ts";
import { dataServices } from "../support/data-services.ts";
import type { Person } from "../support/people.ts";
import { logIn, newPerson } from "../support/people.ts";
import { sendHttp } from "../support/http.ts";
import { ShopTraffic } from "../support/shop-traffic.ts";
import type { Shop } from "../support/shop.ts";
import { customer, deliver, startShop } from "../support/shop.ts";

const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;
const gbp = (amount: number) => ({ amount, currency: "GBP" });
const hour = 3_600_000;

function envelope<N extends EventName>(
  name: N,
  payload: EventPayload<N>,
  occurredAt: number,
): EventEnvelope<N> {
  return { id: newId(), name, occurredAt, ...origin, payload };
}

const databaseOf = ({ broker }: Shop) =>
  (broker.getLocalService("statistics") as Service & ServiceWithDatabase).database;

async function run(shop: Shop, sql: string, ...values: (string | number)[]): Promise<void> {
  const database = databaseOf(shop);
  await database.transaction(origin, (tx) => database.execute(sql, values, tx));
}

/** Delivers events to the statistics alone, as other services know nothing of these orders. */
async function tell(shop: Shop, ...events: EventEnvelope[]): Promise<void> {
  const faults = await deliver(shop.broker, events);
  expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
}

interface Sale {
  readonly orderId: string;
  readonly placed: EventEnvelope<"orders.placed">;
  readonly paid: EventEnvelope<"orders.paid">;
  readonly cancelled: EventEnvelope<"orders.cancelled">;
  readonly refunded: EventEnvelope<"orders.refunded">;
  readonly sentBack: EventEnvelope<"orders.refund-failed">;
  readonly returned: EventEnvelope<"orders.returned">;
}

/** The events of an order of two units of one product and three of another, of two merchants, at 10:00 to 15:00 UTC. */
function saleOn(
  day: string,
  [one, other]: readonly [string, string],
  merchants: readonly [string, string],
): Sale {
  const at = (hours: number) => Date.parse(`${day}T10:00:00Z`) + hours * hour;
  const orderId = newId();
  const order = { orderId, number: "K7Q2-9XMD", customerId: newId() };
  const [productId, otherId] = [one, other];
  const paymentId = newId();
  const moment = new Date(at(1)).toISOString();
  const payment = {
    id: paymentId,
    orderId,
    provider: "manual" as const,
    status: "succeeded" as const,
    reference: null,
    amount: gbp(4500),
    refunded: gbp(0),
    received: null,
    failure: null,
    at: moment,
    paidAt: moment,
  };
  const refund = {
    id: newId(),
    orderId,
    paymentId,
    amount: gbp(1000),
    cause: "return" as const,
    reason: null,
    status: "succeeded" as const,
    reference: null,
    failure: null,
    attempts: 1,
    at: moment,
    settledAt: moment,
  };
  const parts = [
    {
      partId: newId(),
      merchantId: merchants[0],
      subtotal: gbp(2000),
      discount: gbp(0),
      shipping: gbp(495),
      total: gbp(2495),
    },
    {
      partId: newId(),
      merchantId: merchants[1],
      subtotal: gbp(3000),
      discount: gbp(300),
      shipping: gbp(0),
      total: gbp(2700),
    },
  ];
  const shares = [{ partId: parts[0]?.partId ?? "", merchantId: merchants[0], amount: gbp(1000) }];
  return {
    orderId,
    placed: envelope(
      "orders.placed",
      {
        ...order,
        cartId: newId(),
        lines: [
          {
            variantId: newId(),
            quantity: 2,
            productId,
            merchantId: merchants[0],
            unitPrice: gbp(1000),
            discount: gbp(0),
          },
          {
            variantId: newId(),
            quantity: 3,
            productId: otherId,
            merchantId: merchants[1],
            unitPrice: gbp(1000),
            discount: gbp(300),
          },
        ],
        parts,
        total: gbp(5195),
      },
      at(0),
    ),
    paid: envelope("orders.paid", { ...order, payment }, at(1)),
    cancelled: envelope("orders.cancelled", { ...order, reason: "x", refund: gbp(0) }, at(2)),
    refunded: envelope("orders.refunded", { ...order, refund, parts: shares }, at(3)),
    sentBack: envelope(
      "orders.refund-failed",
      { ...order, refund: { ...refund, status: "failed" }, parts: shares },
      at(4),
    ),
    returned: envelope(
      "orders.returned",
      {
        ...order,
        returnId: newId(),
        lines: [{ variantId: newId(), quantity: 1, productId, merchantId: merchants[0], refund: gbp(1000) }],
        refund: gbp(1000),
        restocked: true,
        reason: "x",
      },
      at(5),
    ),
  };
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => [random(), item] as const)
    .sort(([one], [other]) => one - other)
    .map(([, item]) => item);
}

describe("the figures of sales, from events", () => {
  let shop: Shop;
  beforeAll(async () => {
    const prepare = (broker: ServiceBroker) => {
      broker.createService({ name: "orders", actions: { "sales.list": () => ({ items: [] }) } });
    };
    shop = await startShop({ services: ["statistics"], env: { SWEEP_INTERVAL_SECONDS: "3600" }, prepare });
  });
  afterAll(() => shop?.stop());

  let days = 0;
  /** A day of its own for each test, within the inboxes' retention. */
  const nextDay = () => new Date(Date.now() - (20 - (days += 1)) * 24 * hour).toISOString().slice(0, 10);
  const ofDay = async (day: string, params: object = {}, as?: Caller) =>
    (await shop.call("statistics.sales.days", { from: day, to: day, ...params }, as ? { as } : {})).items;

  test("count what was placed, paid, refunded and returned, by day, product, category and merchant", async () => {
    const day = nextDay();
    const [categoryId, mug, cup, one, other] = [newId(), newId(), newId(), newId(), newId()];
    const named = { entity: "product", id: mug, change: "created", before: null } as const;
    const sale = saleOn(day, [mug, cup], [one, other]);
    await tell(
      shop,
      envelope("catalog.changed", { ...named, after: { name: "Mug", categoryId } }, Date.now()),
    );
    await tell(shop, sale.placed, sale.paid);
    await tell(shop, sale.returned, sale.refunded);

    const figures = {
      ordersPlaced: 1,
      unitsPlaced: 5,
      grossPlaced: gbp(5000),
      discountPlaced: gbp(300),
      ordersPaid: 1,
      unitsPaid: 5,
      grossPaid: gbp(5000),
      discountPaid: gbp(300),
      shippingPaid: gbp(495),
      ordersCancelled: 0,
      ordersExpired: 0,
      refunds: 1,
      refunded: gbp(1000),
      returns: 1,
      unitsReturned: 1,
      returned: gbp(1000),
      revenue: gbp(4195),
    };
    expect(await ofDay(day)).toEqual([{ day, ...figures }]);
    const period = { from: day, to: day };
    const products = await shop.call("statistics.sales.products", period);
    expect(products.items).toMatchObject([
      { productId: cup, name: null, unitsPaid: 3, revenue: gbp(2700), unitsReturned: 0 },
      { productId: mug, name: "Mug", unitsPaid: 2, revenue: gbp(1000), unitsReturned: 1 },
    ]);
    const categories = await shop.call("statistics.sales.categories", { ...period, sort: "unitsPaid" });
    expect(categories.items).toMatchObject([
      { categoryId, unitsPaid: 2, ordersPaid: 1, returned: gbp(1000) },
      { categoryId: null, unitsPaid: 3, ordersPaid: 1 },
    ]);
    const merchants = await shop.call("statistics.sales.merchants", period);
    expect(merchants.items).toMatchObject([
      { merchantId: other, ordersPaid: 1, revenue: gbp(2700) },
      { merchantId: one, ordersPaid: 1, shippingPaid: gbp(495), refunded: gbp(1000), revenue: gbp(1495) },
    ]);
  });

  test("are the same in whatever order the events come, and however often", async () => {
    const random = randomFrom(3);
    const figures = [];
    for (let round = 0; round < 8; round += 1) {
      const day = nextDay();
      const sales = Array.from({ length: 3 }, () => saleOn(day, [newId(), newId()], [newId(), newId()]));
      const events: EventEnvelope[] = sales.flatMap(
        ({ placed, paid, cancelled, refunded, sentBack, returned }) => [
          placed,
          paid,
          cancelled,
          refunded,
          sentBack,
          returned,
        ],
      );
      const mixed = shuffled([...events, ...events.slice(0, 7)], random);
      for (let from = 0; from < mixed.length;) {
        const size = 1 + Math.floor(random() * 5);
        await tell(shop, ...mixed.slice(from, from + size));
        from += size;
      }
      await tell(shop, ...events);
      const [{ day: _day, ...rest } = { day }] = await ofDay(day);
      figures.push(rest);
    }
    expect(figures[0]).toMatchObject({
      ordersPlaced: 3,
      ordersPaid: 3,
      ordersCancelled: 3,
      refunds: 0,
      refunded: gbp(0),
    });
    for (const other of figures) expect(other).toEqual(figures[0]);
  });

  test("are exact when several batches are counted at once", async () => {
    const day = nextDay();
    const products = [newId(), newId()] as const;
    const merchants = [newId(), newId()] as const;
    const sales = Array.from({ length: 40 }, () => saleOn(day, products, merchants));
    await Promise.all([
      ...sales.map(({ placed }) => tell(shop, placed)),
      ...sales.map(({ paid }) => tell(shop, paid)),
      tell(shop, ...sales.map(({ returned }) => returned)),
      tell(shop, ...sales.map(({ placed }) => placed), ...sales.map(({ paid }) => paid)),
    ]);
    expect(await ofDay(day)).toMatchObject([
      { ordersPlaced: 40, ordersPaid: 40, unitsPaid: 200, unitsReturned: 40 },
    ]);
    await expectConsistent(shop);
  });

  test("are of a member's merchants only, whatever is asked for", async () => {
    const day = nextDay();
    const [mine, foreign] = [newId(), newId()];
    const sale = saleOn(day, [newId(), newId()], [mine, foreign]);
    await tell(shop, sale.placed, sale.paid);
    const member: Caller = { ...customer(), merchants: [{ merchantId: mine, role: "accountant" }] };
    expect(await ofDay(day, {}, member)).toMatchObject([{ ordersPaid: 1, grossPaid: gbp(2000) }]);
    expect(await ofDay(day, { merchantId: foreign }, member)).toEqual([]);
    expect(await ofDay(day, { merchantId: "shop" }, member)).toEqual([]);
    const as = { as: member };
    const products = await shop.call("statistics.sales.products", { from: day, to: day }, as);
    expect(products.items).toMatchObject([{ unitsPaid: 2 }]);
    const categories = await shop.call("statistics.sales.categories", { from: day, to: day }, as);
    expect(categories.items).toMatchObject([{ unitsPaid: 2 }]);
    const merchants = await shop.call("statistics.sales.merchants", { from: day, to: day }, as);
    expect(merchants.items).toMatchObject([{ merchantId: mine }]);
    const report = await shop.call("statistics.sales.report", { from: day, to: day, by: "merchants" }, as);
    const text = Buffer.from(report.content, "base64").toString();
    expect(text).toContain(mine);
    expect(text).not.toContain(foreign);
    expect((await shop.call("statistics.overview", { days: 60 }, as)).users).toBeNull();
    await expect(shop.call("statistics.users.online", {}, as)).rejects.toMatchObject({ type: "forbidden" });
    const keeper: Caller = { ...customer(), merchants: [{ merchantId: mine, role: "stock-keeper" }] };
    await expect(shop.call("statistics.overview", {}, { as: keeper })).rejects.toMatchObject({
      type: "forbidden",
    });
  });

  test("come in pages that neither repeat nor skip", async () => {
    const day = nextDay();
    const sales = Array.from({ length: 6 }, () => saleOn(day, [newId(), newId()], [newId(), newId()]));
    await tell(shop, ...sales.flatMap(({ placed, paid }) => [placed, paid]));
    const ids: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await shop.call("statistics.sales.products", {
        from: day,
        to: day,
        limit: 5,
        count: true,
        cursor,
      });
      expect(page.total).toBe(12);
      ids.push(...page.items.map(({ productId }) => productId));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(new Set(ids).size).toBe(12);
    expect(ids).toHaveLength(12);
  });

  test("are of at most 400 days", async () => {
    const call = (from: string, to: string) => shop.call("statistics.sales.days", { from, to });
    await expect(call("2025-01-01", "2026-02-05")).rejects.toMatchObject({ type: "validation-failed" });
    await expect(call("2025-01-02", "2025-01-01")).rejects.toMatchObject({ type: "validation-failed" });
    expect((await call("2025-01-01", "2026-02-04")).items).toEqual([]);
  });

  test("recounting a day from the ledger repairs its figures, while events of it arrive", async () => {
    const day = nextDay();
    const sales = Array.from({ length: 10 }, () => saleOn(day, [newId(), newId()], [newId(), newId()]));
    await tell(shop, ...sales.slice(0, 5).map(({ placed }) => placed));
    await run(shop, "UPDATE sales_days SET orders_placed = orders_placed + 3 WHERE day = ?", day);
    await run(shop, "DELETE FROM sales_days WHERE day = ? AND scope = 'product'", day);
    const { task } = await shop.call("statistics.rebuilds.start", { from: day, to: day });
    await Promise.all(sales.slice(5).map(({ placed }) => tell(shop, placed)));
    await taskEnds(shop, task.id);
    expect(await ofDay(day)).toMatchObject([{ ordersPlaced: 10 }]);
    await expectConsistent(shop);
  });
});

describe("who is online", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startShop({ services: ["statistics"], env: { SWEEP_INTERVAL_SECONDS: "1" } });
  });
  afterAll(() => shop?.stop());

  const online = async () => (await shop.call("statistics.users.online", {})).online;
  const session = (userId = newId(), startedAt = Date.now() - 1000, lastsMs = 24 * hour) => {
    const of = { userId, sessionId: newId() };
    const client = { address: null, userAgent: null };
    const expiresAt = new Date(startedAt + lastsMs).toISOString();
    return {
      login: envelope("users.logged-in", { ...of, ...client, expiresAt }, startedAt),
      logout: envelope("users.logged-out", of, startedAt + 500),
      revoked: envelope("users.session-revoked", { ...of, reason: "ended-by-owner" }, startedAt + 600),
    };
  };

  test("users count once, however many sessions they have, from the first to the last", async () => {
    const before = await online();
    const userId = newId();
    const [one, other, someone] = [session(userId), session(userId), session()];
    await tell(shop, one.login, other.login, someone.login);
    expect(await online()).toBe(before + 2);
    await tell(shop, one.logout);
    expect(await online()).toBe(before + 2);
    await tell(shop, other.revoked, someone.logout);
    expect(await online()).toBe(before);
    await expectConsistent(shop);
  });

  test("an end that arrives before its beginning leaves nobody online, and events may come twice", async () => {
    const before = await online();
    const { login, logout, revoked } = session();
    await tell(shop, logout);
    expect(await online()).toBe(before);
    await tell(shop, login, login);
    await tell(shop, { ...login, id: newId() }, { ...logout, id: newId() }, revoked);
    expect(await online()).toBe(before);
    await expectConsistent(shop);
  });

  test("a session that has expired ends without an event", async () => {
    const before = await online();
    const { login, logout } = session(newId(), Date.now() - 2000, 2500);
    await tell(shop, login);
    expect(await online()).toBe(before + 1);
    await until(async () => (await online()) === before);
    // A logout that had been delayed corrects how it ended.
    await tell(shop, logout);
    expect(await online()).toBe(before);
    await expectConsistent(shop);
  });

  test("the peak is the greatest number of a day, also when logins are counted at once", async () => {
    const before = await online();
    const sessions = Array.from({ length: 25 }, () => session());
    await Promise.all(sessions.map(({ login }) => tell(shop, login)));
    expect(await online()).toBe(before + 25);
    await Promise.all(sessions.map(({ logout }) => tell(shop, logout)));
    const { online: now, peakToday } = await shop.call("statistics.users.online", {});
    expect(now).toBe(before);
    expect(peakToday).toBeGreaterThanOrEqual(before + 25);
    await expectConsistent(shop);
  });
});

describe("days that are over", () => {
  let shop: Shop;
  beforeAll(async () => {
    const env = { SWEEP_INTERVAL_SECONDS: "1", STATISTICS_TIME_ZONE: "Pacific/Auckland" };
    shop = await startShop({ services: ["statistics"], env });
  });
  afterAll(() => shop?.stop());

  test("are closed once each, also those that were missed, and again when something came late", async () => {
    const zone = new Intl.DateTimeFormat("en-CA", { timeZone: "Pacific/Auckland" });
    const dayOf = (moment: number) => zone.format(moment);
    const now = Date.now();
    const started = now - 3 * 24 * hour;
    const client = { address: null, userAgent: null };
    // Two users at a time on that day; their events come in the wrong order.
    const sessions = [0, 1, 2].map((index) => ({
      userId: newId(),
      sessionId: newId(),
      from: started + index * 60_000,
    }));
    const logins = sessions.map(({ from, ...of }) => envelope("users.logged-in", { ...of, ...client }, from));
    const logouts = sessions.map(({ from, ...of }) => envelope("users.logged-out", of, from + 90_000));
    await tell(shop, ...[...logouts, ...logins].slice(0, 4));
    await tell(shop, ...logins);
    const sale = saleOn(new Date(started).toISOString().slice(0, 10), [newId(), newId()], [newId(), newId()]);
    const placed = { ...sale.placed, occurredAt: started };
    await tell(shop, placed);
    await run(shop, "UPDATE progress SET counted_from = ?", started);
    await run(shop, "DELETE FROM schedules WHERE name = 'close-days'");

    const closed = async () => (await shop.call("statistics.closed-days.list", { sort: "day" })).items;
    await until(async () => (await closed()).filter(({ state }) => state === "succeeded").length >= 3);
    const days = await closed();
    expect(days.map(({ day }) => day)).toEqual([3, 2, 1].map((ago) => dayOf(now - ago * 24 * hour)));
    const [first] = days;
    expect(first?.figures).toMatchObject({ users: { logins: 3, peakOnline: 2 }, sales: { ordersPlaced: 1 } });
    const file = await shop.call("statistics.tasks.result", { id: first?.taskId ?? "", part: 0 });
    expect(file).toMatchObject({ mediaType: "text/csv", content: expect.stringContaining("orders_placed") });

    await tell(shop, { ...sale.paid, occurredAt: started + 1000 });
    await run(shop, "UPDATE schedules SET next_run_at = 0 WHERE name = 'close-days'");
    await until(async () => {
      const [again] = await closed();
      return again?.state === "succeeded" && again.taskId !== first?.taskId;
    });
    expect((await closed())[0]?.figures).toMatchObject({ sales: { ordersPlaced: 1, ordersPaid: 1 } });
    await expectConsistent(shop);
  });
});

describe("the statistics of a whole shop", () => {
  let shop: Shop;
  let staff: Person;
  let busy: ShopTraffic;
  beforeAll(async () => {
    shop = await startShop({ env: { SWEEP_INTERVAL_SECONDS: "1", DEMO_DATA: "false" } });
    staff = await newPerson(shop, "auditor");
    busy = new ShopTraffic(shop.broker, randomFrom(11));
    await busy.stock(100, 100, 300);
    await Promise.all(Array.from({ length: 40 }, () => busy.visit()));
    await busy.refundsSettled();
    await shop.settled();
  }, 300_000);
  afterAll(() => shop?.stop());

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const request = { method: "GET", path: `/api/v1${path}`, token: staff.token, headers };
    return sendHttp(shop.url, request);
  };

  test("equal a recount from the orders and sessions, and so does a rebuild of lost ones", async () => {
    await logIn(shop, staff.email);
    await shop.settled();
    await expectConsistent(shop);
    const before = JSON.parse((await get("/statistics/overview")).body) as { period: object };
    for (const table of ["sales_orders", "sales_entries", "sales_days"])
      await run(shop, `DELETE FROM ${table}`);
    const today = new Date().toISOString().slice(0, 10);
    const yesterday = new Date(Date.now() - 24 * hour).toISOString().slice(0, 10);
    const { task } = await shop.call("statistics.rebuilds.start", { from: yesterday, to: today });
    await taskEnds(shop, task.id);
    await expectConsistent(shop);
    const after = JSON.parse((await get("/statistics/overview")).body) as { period: object };
    expect(after.period).toEqual(before.period);
    // Nothing differs any more.
    const again = await shop.call("statistics.rebuilds.start", { from: yesterday, to: today });
    expect((await taskEnds(shop, again.task.id)).result).toMatchObject({ corrected: 0 });
  });

  test("are there as CSV", async () => {
    const answer = await get("/statistics/sales/report?by=products", { accept: "text/csv" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain("text/csv");
    expect(answer.body).toContain("by,about,name,currency,orders_placed");
    expect(answer.body.split("\n")[1]).toMatch(/^products,/);
  });

  test("tell what visitors search for, without who they are, and how many carts became orders", async () => {
    const find = (q: string) => get(`/products?q=${encodeURIComponent(q)}`);
    for (const q of ["Unicorn  saddle", "unicorn SADDLE", "ada@example.org", "product"]) await find(q);
    const period = await get("/statistics/searches?fruitless=true");
    expect(period.status).toBe(200);
    await until(async () => (await shop.call("statistics.searches", {})).times >= 4);
    const { items, times, fruitless } = await shop.call("statistics.searches", { fruitless: true });
    expect(items).toContainEqual({ term: "unicorn saddle", times: 2, fruitless: 2 });
    expect(items.map(({ term }) => term).join()).not.toContain("@");
    expect(times).toBeGreaterThan(fruitless - 1);
    await until(async () => (await shop.call("statistics.conversion", {})).carts > 0);
    const { carts, ordersPlaced, ordersPerCart } = await shop.call("statistics.conversion", {});
    expect(ordersPerCart).toBe(ordersPlaced / carts);
    expect(carts).toBeGreaterThanOrEqual(ordersPlaced);
  });

  test("tell who is online, and how many logged in", async () => {
    const someone = await newPerson(shop);
    await shop.settled();
    const { users } = JSON.parse((await get("/statistics/overview")).body) as { users: { online: number } };
    expect(users.online).toBeGreaterThanOrEqual(2);
    await sendHttp(shop.url, { method: "POST", path: "/api/v1/auth/logout", token: someone.token });
    await shop.settled();
    const { online } = JSON.parse((await get("/statistics/users/online")).body) as { online: number };
    expect(online).toBe(users.online - 1);
    await expectConsistent(shop);
  });
});

async function expectConsistent(shop: Shop): Promise<void> {
  const hasAll = dataServices.every((name) => shop.broker.getLocalService(name));
  if (hasAll) {
    const report = await verifyShop(configOf(shop.broker), { patienceMs: 5000 });
    const broken = report.findings.filter((finding) => finding.broken > 0);
    expect(broken.map(({ code, rows }) => ({ code, rows }))).toEqual([]);
    return;
  }
  const { invariants } = await import("../../services/statistics/data/invariants.ts");
  const { findViolations } = await import("../../mixins/database/invariant.ts");
  const moments = { now: Date.now(), graceMs: 60_000, keysRetainedSince: 0, inboxRetainedSince: 0 };
  for (const invariant of invariants.filter(({ code }) => code.startsWith("statistics."))) {
    const everything = { after: "", upTo: undefined };
    const context = { moments, config: configOf(shop.broker) };
    expect([
      invariant.code,
      ...(await findViolations(databaseOf(shop), invariant, everything, context)),
    ]).toEqual([invariant.code]);
  }
}

async function taskEnds(shop: Shop, id: string) {
  await until(
    async () => !["queued", "running"].includes((await shop.call("statistics.tasks.get", { id })).state),
  );
  const task = await shop.call("statistics.tasks.get", { id });
  expect(task).toMatchObject({ state: "succeeded" });
  return task;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
}
