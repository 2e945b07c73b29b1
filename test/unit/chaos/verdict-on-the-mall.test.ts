import { describe, expect, test } from "@jest/globals";
import type { ActionName } from "../../../mixins/contract/calls.ts";
import { compareAfterSales, compareAfterSaleSteps } from "../../chaos/compare-after-sales.ts";
import { compareMerchants, comparePayouts, compareReceipts } from "../../chaos/compare-merchants.ts";
import { compareChoices, compareReviews } from "../../chaos/compare-opinions.ts";
import type { Attempt } from "../../chaos/history.ts";
import type { MallState } from "../../chaos/mall-books.ts";
import { history } from "./told-history.ts";

const attempt = { problem: null } as Attempt;
const wish = (action: ActionName, params: object, answer?: object) =>
  ({ action, params, answer, outcome: "ok", attempts: [attempt] }) as const;
const refused = <W extends object>(one: W) => ({ ...one, outcome: "failed", answer: undefined }) as const;
const unknown = <W extends object>(one: W) => ({ ...one, outcome: "unknown", answer: undefined }) as const;
const retried = <W extends object>(one: W) => ({ ...one, attempts: [attempt, attempt] }) as const;

const login = wish("users.login", {}, { user: { id: "u1" } });
const received = wish("orders.receipts.record", { id: "o1" }, { parts: [{ id: "p1", receivedAt: "now" }] });
const asked = wish(
  "after-sales.requests.create",
  { idempotencyKey: "k1" },
  { id: "a1", orderId: "o1", kind: "exchange" },
);
const approved = wish("after-sales.answers.approve", { id: "a1" });
const reviewed = wish("reviews.create", { lineId: "l1", rating: 4 }, { id: "r1" });
const voted = wish("reviews.votes.put", { id: "r1", vote: "up" });
const unvoted = wish("reviews.votes.remove", { id: "r1" });
const added = wish("favourites.create", { productId: "g1" });
const removed = wish("favourites.remove", { id: "g1" });
const followed = wish("merchants.followed.add", { id: "m1" });
const suspended = wish("merchants.suspend", { id: "m1" });
const resumed = wish("merchants.resume", { id: "m1" });
const paidOut = wish(
  "settlements.payouts.create",
  { idempotencyKey: "k2" },
  { id: "x1", amount: { amount: 500 } },
);
const settled = wish("settlements.payouts.settle", { transferId: "t1", status: "paid" });
const everything = [
  login,
  received,
  asked,
  approved,
  reviewed,
  voted,
  added,
  followed,
  suspended,
  resumed,
  paidOut,
  settled,
];

const mall: MallState = {
  parts: [{ id: "p1", orderId: "o1", receivedAt: 1 }],
  afterSales: [{ id: "a1", orderId: "o1", key: "k1", kind: "exchange" }],
  afterSaleSteps: [
    { afterSaleId: "a1", step: "request" },
    { afterSaleId: "a1", step: "approve" },
  ],
  reviews: [{ id: "r1", lineId: "l1", productId: "g1", merchantId: "m1", rating: 4 }],
  votes: [{ reviewId: "r1", userId: "u1", value: 1 }],
  favourites: [{ userId: "u1", productId: "g1" }],
  followers: [{ userId: "u1", merchantId: "m1" }],
  merchants: [{ id: "m1", status: "active", followers: 1 }],
  products: [{ id: "g1", favourites: 1, ratingCount: 1, ratingAverage: 400 }],
  payouts: [{ id: "x1", key: "k2", amount: 500 }],
  transfers: [{ id: "t1", status: "paid" }],
};

const verdict = (told: ReturnType<typeof history>, found: MallState) =>
  [
    compareReceipts,
    compareAfterSales,
    compareAfterSaleSteps,
    compareReviews,
    compareChoices,
    compareMerchants,
    comparePayouts,
  ].flatMap((compare) => compare(told, found));
type Wish = Parameters<typeof history>[number];
/** The history with some of its wishes replaced, by their action. */
const told = (...changed: readonly Wish[]) => {
  const rest = everything.filter(({ action }) => changed.every((one) => one.action !== action));
  return history(...rest, ...changed);
};

describe("the verdict on the mall", () => {
  test("acknowledged and stored operations agree", () => {
    expect(verdict(told(), mall)).toEqual([]);
  });

  test("operations with an unknown outcome may be there or not", () => {
    const uncertain = everything.slice(1).map(unknown);
    expect(verdict(history(login, ...uncertain), mall)).toEqual([]);
    const nothing = {
      ...mall,
      parts: [],
      afterSales: [],
      afterSaleSteps: [],
      reviews: [],
      votes: [],
      favourites: [],
      followers: [],
      payouts: [],
      transfers: [],
      merchants: [{ id: "m1", status: "active", followers: 0 }],
      products: [{ id: "g1", favourites: 0, ratingCount: 0, ratingAverage: 0 }],
    };
    expect(verdict(history(login, ...uncertain), nothing)).toEqual([]);
    expect(verdict(history(login), nothing)).toEqual([]);
  });

  test("an attempt that was retried may take effect after the next request", () => {
    const late = history(...everything, removed, retried(added), unvoted, retried(voted));
    expect(verdict(late, mall)).toEqual([]);
    const isRefused = everything.map((one) => (one === added ? retried(refused(added)) : one));
    expect(verdict(history(...isRefused), mall)).toEqual([]);
  });

  test.each<[string, Wish[], Partial<MallState>, string]>([
    ["a lost receipt", [], { parts: [{ ...mall.parts[0]!, receivedAt: null }] }, "was acknowledged"],
    ["a receipt that was refused", [refused(received)], {}, "received without a request"],
    ["a lost after-sale", [], { afterSales: [] }, "after-sale a1 was acknowledged"],
    [
      "two after-sales of one key",
      [],
      { afterSales: [...mall.afterSales, { ...mall.afterSales[0]!, id: "a2" }] },
      "made 2 after-sales",
    ],
    ["an after-sale that was refused", [refused(asked)], {}, "after-sale a1 was not requested"],
    ["a lost approval", [], { afterSaleSteps: [] }, "approve was acknowledged and did not happen"],
    ["an approval that was refused", [refused(approved)], {}, "approve happened without a request"],
    [
      "an approval that happened twice",
      [],
      { afterSaleSteps: [...mall.afterSaleSteps, ...mall.afterSaleSteps] },
      "approve happened 2 times",
    ],
    ["a lost review", [], { reviews: [] }, "lacks its acknowledged review"],
    ["a review that was refused", [refused(reviewed)], {}, "unrequested review"],
    ["two acknowledged reviews", [reviewed, reviewed], {}, "2 reviews of line l1"],
    [
      "two reviews of a line",
      [],
      { reviews: [...mall.reviews, { ...mall.reviews[0]!, id: "r2" }] },
      "has 2 reviews",
    ],
    [
      "a review that counts twice",
      [],
      { products: [{ ...mall.products[0]!, ratingCount: 2 }] },
      "shows 2 reviews",
    ],
    ["a lost vote", [], { votes: [] }, "is 0; requested was 1"],
    ["a vote that was taken back", [voted, unvoted], {}, "is 1; requested was 0"],
    ["a favourite that was removed", [added, removed], {}, "is true; requested was false"],
    [
      "a favourite that counts twice",
      [],
      { products: [{ ...mall.products[0]!, favourites: 2 }] },
      "shows 2 favourites",
    ],
    ["a lost follower", [], { followers: [] }, "is false; requested was true"],
    [
      "a follower who counts twice",
      [],
      { merchants: [{ ...mall.merchants[0]!, followers: 2 }] },
      "shows 2 followers",
    ],
    [
      "a merchant who stays suspended",
      [],
      { merchants: [{ ...mall.merchants[0]!, status: "suspended" }] },
      "is suspended; requested was active",
    ],
    ["a lost payout", [], { payouts: [] }, "payout x1 was acknowledged"],
    ["another amount", [], { payouts: [{ ...mall.payouts[0]!, amount: 501 }] }, "payout x1 was acknowledged"],
    [
      "two payouts of one key",
      [],
      { payouts: [...mall.payouts, { ...mall.payouts[0]!, id: "x2" }] },
      "made 2 payouts",
    ],
    ["a transfer that is open", [], { transfers: [{ id: "t1", status: "open" }] }, "requested was paid"],
  ])("%s is found", (_name, wishes, changes, fault) => {
    expect(verdict(told(...wishes), { ...mall, ...changes }).join("\n")).toContain(fault);
  });
});
