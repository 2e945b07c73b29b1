import { describe, expect, test } from "@jest/globals";
import { lateResponses } from "../../chaos/answer-times.ts";
import type { DatabaseState } from "../../chaos/books.ts";
import { compareMoney } from "../../chaos/compare-money.ts";
import { compareActs, comparePlacing } from "../../chaos/compare-orders.ts";
import { compareAccounts, compareStock } from "../../chaos/compare-stock.ts";
import type { Attempt } from "../../chaos/history.ts";
import { longestOutage } from "../../chaos/longest-outage.ts";
import { history } from "./told-history.ts";

const money = (amount: number) => ({ amount, currency: "GBP" });
const answer = {
  id: "o1",
  number: "AAAA-1111",
  customerId: "c1",
  total: money(2000),
  lines: [{ id: "l1", variantId: "v1", quantity: 2, unitPrice: money(1000) }],
};
const text = JSON.stringify(answer);

const placed = {
  action: "orders.place",
  outcome: "ok",
  params: { idempotencyKey: "k1", total: money(2000) },
  answer,
  text,
} as const;
const paid = {
  action: "orders.payments.record",
  outcome: "ok",
  params: { id: "o1" },
  answer: { id: "p1", orderId: "o1", provider: "manual", status: "succeeded" },
} as const;
const byHand = { orderId: "o1", provider: "manual", status: "succeeded", amount: 2000 };
const cancelled = { action: "orders.cancel", outcome: "ok", params: { id: "o1" }, answer: {} } as const;

const books: DatabaseState = {
  checkouts: [{ orderId: "o1", key: "k1", state: "placed", response: text }],
  orders: [{ id: "o1", number: "AAAA-1111", customerId: "c1", status: "paid", total: 2000, refunded: 0 }],
  lines: [{ orderId: "o1", variantId: "v1", quantity: 2, unitPrice: 1000 }],
  timeline: [
    { orderId: "o1", event: "placed" },
    { orderId: "o1", event: "paid" },
  ],
  payments: [{ ...byHand, id: "p1" }],
  refunds: [],
  shipments: [],
  returns: [],
  audited: [
    { orderId: "o1", type: "orders.placed" },
    { orderId: "o1", type: "orders.paid" },
  ],
  stockChanges: [{ reason: "chaos 1", variantId: "v1", quantity: 5 }],
  accounts: ["ada@example.com"],
};
const nothing: DatabaseState = {
  ...books,
  checkouts: [],
  orders: [],
  lines: [],
  timeline: [],
  payments: [],
  audited: [],
};
const verdict = (told: ReturnType<typeof history>, found: DatabaseState) => [
  ...comparePlacing(told, found),
  ...compareActs(told, found),
];

describe("the verdict on orders", () => {
  test("acknowledged and stored operations agree", () => {
    expect(verdict(history(placed, paid), books)).toEqual([]);
  });

  test("operations with an unknown outcome may be there or not", () => {
    const unknown = { ...placed, outcome: "unknown", answer: undefined } as const;
    const maybePaid = { ...paid, outcome: "unknown", answer: undefined } as const;
    expect(verdict(history(unknown, maybePaid), books)).toEqual([]);
    expect(verdict(history(unknown), nothing)).toEqual([]);
  });

  test.each([
    ["a lost order", history(placed), nothing, "was acknowledged and is not there"],
    [
      "an order that was refused",
      history({ ...placed, outcome: "failed", answer: undefined }, paid),
      books,
      "was refused",
    ],
    ["an unrequested order", history(paid), books, "was not requested"],
    [
      "another answer than is kept",
      history(placed, paid),
      { ...books, checkouts: [{ ...books.checkouts[0]!, response: "{}" }] },
      "in other words",
    ],
    [
      "two orders of one key",
      history(placed, paid),
      {
        ...books,
        checkouts: [...books.checkouts, { orderId: "o2", key: "k1", state: "placed", response: text }],
      },
      "made 2 orders",
    ],
    [
      "another total",
      history(placed, paid),
      { ...books, orders: [{ ...books.orders[0]!, total: 1 }] },
      "is kept with 1",
    ],
    [
      "other lines",
      history(placed, paid),
      { ...books, lines: [{ ...books.lines[0]!, quantity: 3 }] },
      "other lines",
    ],
    ["an unrequested payment", history(placed), books, "was paid without a request"],
    ["a lost payment", history(placed, paid), { ...books, payments: [] }, "lacks an acknowledged payment"],
    [
      "two payments",
      history(placed, paid),
      { ...books, payments: [...books.payments, { ...byHand, id: "p2" }] },
      "unrequested payments",
    ],
    [
      "a lost cancellation",
      history(placed, paid, cancelled),
      books,
      "cancelled was acknowledged and did not happen",
    ],
    [
      "a step that the trail lacks",
      history(placed, paid),
      { ...books, audited: books.audited.slice(1) },
      "its audit trail has",
    ],
    [
      "an unrequested return",
      history(placed, paid),
      { ...books, returns: [{ id: "r1", orderId: "o1", refund: 1 }] },
      "unrequested returns",
    ],
  ])("%s is found", (_name, told, found, fault) => {
    expect(verdict(told, found).join("\n")).toContain(fault);
  });
});

describe("the verdict on money", () => {
  const online = { id: "p1", orderId: "o1", provider: "sandbox", status: "succeeded", amount: 2000 };
  const taken = {
    id: "sbx",
    reference: "p1",
    amount: 2000,
    currency: "GBP",
    description: "",
    status: "succeeded",
    failure: null,
    createdAt: 0,
  } as const;
  const given = { ...taken, id: "sbr", paymentId: "sbx", reference: "r1", amount: 500 } as const;
  const refund = { id: "r1", orderId: "o1", paymentId: "p1", amount: 500, status: "succeeded" };
  const paidOnline: DatabaseState = { ...books, payments: [online] };
  const refunded: DatabaseState = {
    ...paidOnline,
    orders: [{ ...books.orders[0]!, refunded: 500 }],
    refunds: [refund],
  };

  test("the provider's payments and refunds agree with the order's balance", () => {
    expect(compareMoney({ payments: [taken], refunds: [] }, paidOnline)).toEqual([]);
    expect(compareMoney({ payments: [taken], refunds: [given] }, refunded)).toEqual([]);
  });

  test.each([
    ["a payment that the shop lost", { payments: [taken], refunds: [] }, nothing, "the shop knows nothing"],
    [
      "a payment that the provider does not have",
      { payments: [{ ...taken, status: "pending" } as const], refunds: [] },
      paidOnline,
      "at the provider pending",
    ],
    [
      "a payment taken twice",
      { payments: [taken, { ...taken, id: "again" }], refunds: [] },
      paidOnline,
      "payment p1 2 times",
    ],
    [
      "a refund that was not given",
      { payments: [taken], refunds: [] },
      refunded,
      "is not so at the provider",
    ],
    [
      "a refund that the shop does not count",
      { payments: [taken], refunds: [given] },
      paidOnline,
      "does not count",
    ],
    [
      "an order that keeps too much",
      { payments: [taken], refunds: [] },
      { ...paidOnline, timeline: [] },
      "worth 0; 2000 came in",
    ],
  ])("%s is found", (_name, provider, found, fault) => {
    expect(compareMoney(provider, found).join("\n")).toContain(fault);
  });
});

describe("the verdict on the rest", () => {
  const delivery = {
    action: "catalog.stock.change",
    outcome: "ok",
    params: { reason: "chaos 1", variantId: "v1", quantity: 5 },
  } as const;

  test("a delivery is in the ledger once when it was acknowledged, and not when it was refused", () => {
    expect(compareStock(history(delivery), books)).toEqual([]);
    expect(compareStock(history({ ...delivery, outcome: "unknown" }), nothing)).toEqual([]);
    expect(compareStock(history(delivery), { ...books, stockChanges: [] })).toHaveLength(1);
    expect(compareStock(history({ ...delivery, outcome: "failed" }), books)).toHaveLength(1);
    expect(
      compareStock(history(delivery), {
        ...books,
        stockChanges: [...books.stockChanges, ...books.stockChanges],
      }),
    ).toHaveLength(1);
  });

  test("a delivery that was asked for again when the session had ended is one", () => {
    const refused = { ...delivery, outcome: "failed" } as const;
    expect(compareStock(history(refused, delivery), books)).toEqual([]);
    expect(compareStock(history(refused, delivery), { ...books, stockChanges: [] })).toHaveLength(1);
  });

  test("an account that was acknowledged is there", () => {
    const registered = {
      action: "users.register",
      outcome: "ok",
      params: { email: "bob@example.com" },
    } as const;
    expect(compareAccounts(history(registered), books)).toHaveLength(1);
  });

  test("a late answer counts unless its gateway was hit", () => {
    const attempt: Attempt = {
      gateway: 0,
      at: 1000,
      ms: 16_000,
      status: 504,
      problem: "deadline-exceeded",
      requestId: "r",
    };
    const told = history({ ...placed, attempts: [attempt] });
    const hit = { fault: { kind: "node pause", target: "api-1" }, from: 2000, until: 5000 } as const;
    const elsewhere = { fault: { kind: "node pause", target: "orders-1" }, from: 2000, until: 5000 } as const;
    expect(lateResponses(told, [elsewhere], ["api-1"])).toHaveLength(1);
    expect(lateResponses(told, [hit], ["api-1"])).toEqual([]);
    expect(lateResponses(history({ ...placed, attempts: [{ ...attempt, ms: 900 }] }), [], ["api-1"])).toEqual(
      [],
    );
  });

  test("the longest outage is the longest time between two grants with a refusal between them", () => {
    const at = (moment: number, problem: string | null): Attempt => ({
      gateway: 0,
      at: moment,
      ms: 0,
      status: null,
      problem,
      requestId: "r",
    });
    expect(longestOutage([at(0, null), at(5000, null), at(6000, "unavailable"), at(8000, null)])).toBe(3000);
    expect(longestOutage([])).toBe(0);
  });
});
