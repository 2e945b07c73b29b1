import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Checkout } from "../../../services/orders/domain/checkout.ts";
import { keyStateOf } from "../../../services/orders/domain/checkout.ts";
import { fingerprintOf } from "../../../mixins/contract/fingerprint.ts";
import { orderNumber, readOrderNumber } from "../../../services/orders/domain/order-number.ts";

const known: Checkout = {
  orderId: "order",
  customerId: "customer",
  client: null,
  idempotencyKey: "key",
  fingerprint: "same",
  state: "open",
  claimUntil: 1000,
  claimedAt: 0,
  response: null,
};

describe("a key that was used before", () => {
  test.each([
    ["open", 999, "in-flight"],
    ["open", 1000, "take-over"],
    ["placed", 5000, "replay"],
    ["abandoned", 0, "start-over"],
  ] as const)("%s at %d: %s", (state, now, verdict) => {
    expect(keyStateOf({ ...known, state }, "same", now)).toBe(verdict);
    expect(keyStateOf({ ...known, state }, "other", now)).toBe("mismatch");
  });

  test("when it is known that its owner died, it is taken over at once", () => {
    expect(keyStateOf(known, "same", 0, true)).toBe("take-over");
    expect(keyStateOf({ ...known, state: "placed" }, "same", 0, true)).toBe("replay");
  });
});

describe("fingerprints", () => {
  test("the order of fields and the key do not matter, values and the order of entries do", () => {
    const print = fingerprintOf({ idempotencyKey: "1", a: { x: 1, y: [1, 2] }, b: "t" });
    expect(fingerprintOf({ b: "t", a: { y: [1, 2], x: 1 }, idempotencyKey: "2" })).toBe(print);
    expect(fingerprintOf({ b: "t", a: { y: [2, 1], x: 1 } })).not.toBe(print);
    expect(fingerprintOf({ b: "t", a: { y: [1, 2], x: "1" } })).not.toBe(print);
  });

  test("different values never look alike", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b) && typeof a !== "object");
        expect(fingerprintOf({ a })).not.toBe(fingerprintOf({ a: b }));
      }),
    );
  });
});

describe("order numbers", () => {
  test("they have eight symbols that cannot be confused, and each of 40 bits counts", () => {
    expect(orderNumber(new Uint8Array([0, 0, 0, 0, 0]))).toBe("0000-0000");
    expect(orderNumber(new Uint8Array([255, 255, 255, 255, 255]))).toBe("ZZZZ-ZZZZ");
    expect(orderNumber(new Uint8Array([0, 0, 0, 0, 1]))).toBe("0000-0001");
    expect(orderNumber(new Uint8Array([128, 0, 0, 0, 0]))).toBe("G000-0000");
    const bytes = fc.uint8Array({ minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(orderNumber(a)).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
        expect(orderNumber(a) === orderNumber(b)).toBe(Buffer.from(a).equals(b));
      }),
    );
  });

  test("they are read however people type them", () => {
    expect(readOrderNumber("k7q29xmd")).toBe("K7Q2-9XMD");
    expect(readOrderNumber(" K7Q2 9XMD ")).toBe("K7Q2-9XMD");
    expect(readOrderNumber("oil0-1111")).toBe("0110-1111");
  });
});
