import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { PricedReservation } from "../../../services/catalog/domain/reservation.ts";
import type { Claim, Shelf } from "../../../services/catalog/domain/reserve-in-turn.ts";
import { reserveInTurn } from "../../../services/catalog/domain/reserve-in-turn.ts";

const clock = { now: 1000, leaseMs: 60_000 };
const claim = (orderId: string, quantities: Record<string, number>, deadline = 2000): Claim => ({
  orderId,
  lines: Object.entries(quantities).map(([variantId, quantity]) => ({ variantId, quantity })),
  deadline,
});
const shelves = (onHand: Record<string, number>): Map<string, Shelf> =>
  new Map(Object.entries(onHand).map(([variantId, there]) => [variantId, { onHand: there, price: 100 }]));
const reservation = (orderId: string, status: PricedReservation["status"], quantity: number): PricedReservation => ({
  orderId,
  status,
  leaseUntil: 5000,
  lines: [{ variantId: "a", quantity, returned: 0, unitPrice: 70 }],
});
const kinds = (claims: readonly Claim[], there: Record<string, number>, known: readonly PricedReservation[] = []) =>
  reserveInTurn(claims, shelves(there), known, clock).verdicts.map(({ kind }) => kind);

describe("claims that come together", () => {
  test("are served in their order; one that does not fit is no obstacle for a smaller one behind it", () => {
    const claims = [claim("1", { a: 2 }), claim("2", { a: 4 }), claim("3", { a: 1 }), claim("4", { a: 1 })];
    const { verdicts, made } = reserveInTurn(claims, shelves({ a: 3 }), [], clock);
    expect(verdicts).toMatchObject([
      { kind: "reserved", reservation: { orderId: "1", status: "held", leaseUntil: 61_000 } },
      { kind: "short", shortages: [{ variantId: "a", requested: 4, available: 1 }] },
      { kind: "reserved" },
      { kind: "short", shortages: [{ variantId: "a", requested: 1, available: 0 }] },
    ]);
    expect(made.map(({ claim: { orderId } }) => orderId)).toEqual(["1", "3"]);
  });

  test("that fail take nothing, not even of what there is enough", () => {
    expect(kinds([claim("1", { a: 1, b: 1, unknown: 1 }), claim("2", { a: 1, b: 1 })], { a: 1, b: 1 })).toEqual(["short", "reserved"]);
  });

  test("for the same order are one reservation; for other lines they are refused", () => {
    const claims = [claim("1", { a: 1 }), claim("1", { a: 1 }), claim("1", { a: 2 })];
    const { verdicts, made } = reserveInTurn(claims, shelves({ a: 9 }), [], clock);
    expect(verdicts.map(({ kind }) => kind)).toEqual(["reserved", "reserved", "different"]);
    expect(made).toHaveLength(1);
    expect(verdicts[1]).toEqual(verdicts[0]);
  });

  test("for an order that was short may fit later in the same batch, since nothing is remembered of a failure", () => {
    expect(kinds([claim("1", { a: 2 }), claim("1", { a: 1 })], { a: 1 })).toEqual(["short", "reserved"]);
  });

  test("for an order that has a reservation get that one, at its prices and whatever is left", () => {
    const known = [reservation("1", "committed", 2), reservation("2", "released", 2), reservation("3", "held", 3)];
    const claims = ["1", "2", "3"].map((orderId) => claim(orderId, { a: 2 }));
    expect(reserveInTurn(claims, shelves({ a: 0 }), known, clock)).toEqual({
      verdicts: [
        { kind: "reserved", reservation: known[0] },
        { kind: "given-up", from: "released" },
        { kind: "different", from: "held" },
      ],
      made: [],
    });
  });

  test("whose caller has given up take nothing", () => {
    expect(kinds([claim("1", { a: 1 }, 1000), claim("2", { a: 1 }, 1001)], { a: 1 })).toEqual(["late", "reserved"]);
  });

  test("have the same outcome as if each came alone", () => {
    const variants = ["a", "b", "c", "d"];
    const anyClaim = fc.record({
      orderId: fc.constantFrom("1", "2", "3", "4", "5", "6"),
      lines: fc.uniqueArray(fc.record({ variantId: fc.constantFrom(...variants), quantity: fc.integer({ min: 1, max: 4 }) }), {
        minLength: 1,
        selector: ({ variantId }) => variantId,
      }),
      deadline: fc.constantFrom(1000, 2000),
    });
    const stock = fc.record({ a: fc.nat(9), b: fc.nat(9), c: fc.nat(9) });
    const check = (claims: Claim[], there: { a: number; b: number; c: number }) => {
      const together = reserveInTurn(claims, shelves(there), [], clock);
      const left: Record<string, number> = { ...there };
      const known: PricedReservation[] = [];
      const alone = claims.map((one) => {
        const { verdicts, made } = reserveInTurn([one], shelves(left), known, clock);
        for (const { reservation: { lines }, reservation } of made) {
          known.push(reservation);
          for (const { variantId, quantity } of lines) left[variantId] = (left[variantId] ?? 0) - quantity;
        }
        return verdicts[0];
      });
      expect(together.verdicts).toEqual(alone);
      expect(together.made.map(({ reservation: { orderId } }) => orderId)).toEqual(known.map(({ orderId }) => orderId));
      for (const quantity of Object.values(left)) expect(quantity).toBeGreaterThanOrEqual(0);
    };
    fc.assert(fc.property(fc.array(anyClaim, { maxLength: 20 }), stock, check));
  });
});
