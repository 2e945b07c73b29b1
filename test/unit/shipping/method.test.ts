import { describe, expect, test } from "@jest/globals";
import type { MethodTerms } from "../../../services/shipping/contract/methods.ts";
import type { Goods, Method } from "../../../services/shipping/domain/method.ts";
import { assertSound, optionOf, priceOf } from "../../../services/shipping/domain/method.ts";
import { optionsOf } from "../../../services/shipping/domain/rate-groups.ts";
import { estimateOf, openingFrom, windowsFrom } from "../../../services/shipping/domain/calendar.ts";

const terms: MethodTerms = {
  price: { by: "flat", amountMinor: 495 },
  freeFromMinor: null,
  maxWeightGrams: null,
  handlingDays: 1,
  transitDays: { min: 1, max: 3 },
  cutOff: null,
  timeZone: "UTC",
  windows: [],
  pickupPoints: [],
};
const method: Method = {
  id: "m",
  zoneId: "z",
  merchantId: null,
  kind: "delivery",
  name: "Parcel",
  description: "",
  texts: {},
  enabled: true,
  position: 0,
  terms,
  version: 1,
  createdAt: 0,
  updatedAt: 0,
};
const goods: Goods = { subtotalMinor: 5000, quantity: 2, weightGrams: 1000 };
/** A Monday. */
const now = Date.parse("2026-11-30T12:00:00Z");

describe("the price of a method", () => {
  const table = (by: "weight" | "value" | "quantity", open = false): MethodTerms["price"] => ({
    by,
    rows: [
      { upTo: 1000, amountMinor: 300 },
      { upTo: 2000, amountMinor: 500 },
      ...(open ? [{ upTo: null, amountMinor: 900 }] : []),
    ],
  });
  const price = (changed: Partial<MethodTerms>, of: Partial<Goods> = {}) =>
    priceOf({ ...terms, ...changed }, { ...goods, ...of });

  test("is that of the first row of a table that reaches the goods", () => {
    const weights = [0, 1000, 1001, 2000, 2001];
    const by = (open: boolean) =>
      weights.map((weightGrams) => price({ price: table("weight", open) }, { weightGrams }));
    expect(by(false)).toEqual([300, 300, 500, 500, undefined]);
    expect(by(true)).toEqual([300, 300, 500, 500, 900]);
    expect(price({ price: table("value") }, { subtotalMinor: 1001 })).toBe(500);
    expect(price({ price: table("quantity") }, { quantity: 7 })).toBe(300);
    expect(price({ price: { by: "weight", rows: [] } })).toBeUndefined();
  });

  test("is nothing from a subtotal on, but never for goods that the method does not take", () => {
    expect(price({ freeFromMinor: 5000 })).toBe(0);
    expect(price({ freeFromMinor: 5001 })).toBe(495);
    expect(price({ freeFromMinor: 0, maxWeightGrams: 999 })).toBeUndefined();
    expect(price({ maxWeightGrams: 1000 })).toBe(495);
  });

  test("is unknown with the weight, where it depends on it", () => {
    const unknown = { weightGrams: null };
    expect(price({ price: table("weight", true) }, unknown)).toBeUndefined();
    expect(price({ maxWeightGrams: 1000 }, unknown)).toBeUndefined();
    expect(price({}, unknown)).toBe(495);
  });
});

describe("days of arrival", () => {
  const days = (changed: Partial<MethodTerms>, at = now) => estimateOf(at, { ...terms, ...changed });

  test("are counted from the order in the zone of the sender", () => {
    expect(days({})).toEqual({ from: "2026-12-02", to: "2026-12-04" });
    // It is the next day in Shanghai, and the day before in Honolulu.
    expect(days({ timeZone: "Asia/Shanghai" }, Date.parse("2026-11-30T16:00:00Z")).from).toBe("2026-12-03");
    expect(days({ timeZone: "Pacific/Honolulu" }, Date.parse("2026-11-30T09:59:00Z")).from).toBe(
      "2026-12-01",
    );
  });

  test("are a day later from the cut-off on", () => {
    expect(days({ cutOff: "12:01" }).from).toBe("2026-12-02");
    expect(days({ cutOff: "12:00" }).from).toBe("2026-12-03");
  });
});

test("windows are those of two weeks whose cut-off has not passed", () => {
  const windows = [
    { weekday: 1, from: "18:00", to: "20:00", cutOffHours: 6 },
    { weekday: 1, from: "18:01", to: "20:00", cutOffHours: 6 },
    { weekday: 7, from: "09:00", to: "12:00", cutOffHours: 0 },
  ];
  const offered = windowsFrom(now, "2026-11-30", { windows, timeZone: "UTC" });
  expect(offered.map(({ date, from }) => `${date} ${from}`)).toEqual([
    "2026-11-30 18:01",
    "2026-12-06 09:00",
    "2026-12-07 18:00",
    "2026-12-07 18:01",
    "2026-12-13 09:00",
  ]);
});

test("goods can be fetched on the first day on which a pickup point is open", () => {
  const openingHours = [{ weekday: 2, from: "09:00", to: "18:00" }];
  expect(openingFrom("2026-11-30", { openingHours, holidays: [] })).toBe("2026-12-01");
  expect(openingFrom("2026-11-30", { openingHours, holidays: ["2026-12-01"] })).toBe("2026-12-08");
  expect(openingFrom("2026-11-30", { openingHours: [], holidays: [] })).toBe("2026-11-30");
  const address = { line1: "1 Row", city: "London", postalCode: "N1 1AA", country: "GB" };
  const point = { id: "row", name: "Row", address, openingHours, holidays: [] };
  const pickup: Method = { ...method, kind: "pickup", terms: { ...terms, pickupPoints: [point] } };
  expect(optionOf(pickup, goods, now)).toMatchObject({
    pickupPoints: [{ id: "row", readyOn: "2026-12-08" }],
  });
  expect(optionOf({ ...pickup, terms: { ...terms, pickupPoints: [] } }, goods, now)).toBeUndefined();
});

test("options are the enabled methods that take the goods, by their position", () => {
  const methods = [
    { ...method, id: "c", position: 1 },
    { ...method, id: "b", position: 0 },
    { ...method, id: "a", position: 0 },
    { ...method, id: "off", enabled: false },
    { ...method, id: "light", terms: { ...terms, maxWeightGrams: 1 } },
  ];
  expect(optionsOf(methods, goods, now).map(({ optionId }) => optionId)).toEqual(["a", "b", "c"]);
});

test("terms that contradict themselves are refused", () => {
  const faults = (kind: Method["kind"], changed: Partial<MethodTerms>) => {
    try {
      assertSound({ kind, terms: { ...terms, ...changed } });
      return [];
    } catch (error) {
      return (error as { data: { errors: { path: string }[] } }).data.errors.map(({ path }) => path);
    }
  };
  const row = (upTo: number | null) => ({ upTo, amountMinor: 1 });
  const rows = (...upTo: (number | null)[]) => ({ price: { by: "weight" as const, rows: upTo.map(row) } });
  expect(faults("delivery", rows(1, 2, null))).toEqual([]);
  expect(faults("delivery", rows(2, 2))).toEqual(["price.rows"]);
  expect(faults("delivery", rows(null, 2))).toEqual(["price.rows"]);
  expect(faults("delivery", { timeZone: "Mars/Base", transitDays: { min: 2, max: 1 } })).toEqual([
    "transitDays.max",
    "timeZone",
  ]);
  expect(faults("pickup", {})).toEqual(["pickupPoints"]);
  const window = { weekday: 1, from: "10:00", to: "09:00", cutOffHours: 0 };
  expect(faults("delivery", { windows: [window] })).toEqual(["windows"]);
});
