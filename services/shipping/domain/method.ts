import { isTimeZone } from "../../../config/time-zone.ts";
import type { ShippingRate } from "../../../mixins/contract/shipping-rates.ts";
import type { Texts } from "../../../mixins/contract/texts.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import type { MethodTerms } from "../contract/methods.ts";
import { estimateOf, minutesOf, openingFrom, windowsFrom } from "./calendar.ts";

/** Times are milliseconds since the Unix epoch. */
export interface Method {
  readonly id: string;
  readonly zoneId: string;
  /** Null for the mall. */
  readonly merchantId: string | null;
  readonly kind: "delivery" | "pickup";
  readonly name: string;
  readonly description: string;
  readonly texts: Texts;
  readonly enabled: boolean;
  readonly position: number;
  readonly terms: MethodTerms;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Goods of one merchant that are shipped together. */
export interface Goods {
  /** Minor units, before discount. */
  readonly subtotalMinor: number;
  readonly quantity: number;
  /** Null when the weight of one of them is not known. */
  readonly weightGrams: number | null;
}

/** Price of a method in minor units; undefined when it does not take these goods. */
export function priceOf(
  { price, freeFromMinor, maxWeightGrams }: Pick<MethodTerms, "price" | "freeFromMinor" | "maxWeightGrams">,
  goods: Goods,
): number | undefined {
  const { subtotalMinor, quantity, weightGrams } = goods;
  if (maxWeightGrams !== null && (weightGrams === null || weightGrams > maxWeightGrams)) return undefined;
  const amount =
    price.by === "flat"
      ? price.amountMinor
      : inTable(price.rows, { weight: weightGrams, value: subtotalMinor, quantity }[price.by]);
  if (amount === undefined) return undefined;
  return freeFromMinor !== null && subtotalMinor >= freeFromMinor ? 0 : amount;
}

type Rows = Extract<MethodTerms["price"], { rows: unknown }>["rows"];

/** The amount of the first row that reaches the measure; undefined beyond the last, and for an unknown measure. */
function inTable(rows: Rows, measure: number | null): number | undefined {
  if (measure === null) return undefined;
  return rows.find(({ upTo }) => upTo === null || measure <= upTo)?.amountMinor;
}

/** A method as an option for these goods, now; undefined when it is not offered for them. */
export function optionOf(method: Method, goods: Goods, now: number): ShippingRate | undefined {
  const { id, name, description, kind, terms } = method;
  const amountMinor = priceOf(terms, goods);
  if (amountMinor === undefined) return undefined;
  const estimate = estimateOf(now, terms);
  const isPickup = kind === "pickup";
  const pickupPoints = isPickup ? openPoints(terms.pickupPoints, estimate.from) : [];
  if (isPickup && pickupPoints.length === 0) return undefined;
  const windows = isPickup ? [] : windowsFrom(now, estimate.from, terms);
  return { optionId: id, name, description, kind, amountMinor, estimate, windows, pickupPoints };
}

function openPoints(points: MethodTerms["pickupPoints"], from: string): ShippingRate["pickupPoints"] {
  return points.flatMap(({ holidays, ...point }) => {
    const readyOn = openingFrom(from, { openingHours: point.openingHours, holidays });
    return readyOn === undefined ? [] : [{ ...point, readyOn }];
  });
}

/**
 * Checks what the schema of a method cannot.
 *
 * @throws ShopError `validation-failed`
 */
export function assertSound({ kind, terms }: Pick<Method, "kind" | "terms">): void {
  const { price, transitDays, timeZone, windows, pickupPoints } = terms;
  const faults: { readonly path: string; readonly message: string }[] = [];
  if (price.by !== "flat" && !areAscending(price.rows))
    faults.push({ path: "price.rows", message: "must ascend, and only the last one may have no bound" });
  if (transitDays.min > transitDays.max)
    faults.push({ path: "transitDays.max", message: "must not be less than min" });
  if (!isTimeZone(timeZone)) faults.push({ path: "timeZone", message: "is not a known time zone" });
  const times = [...windows, ...pickupPoints.flatMap(({ openingHours }) => openingHours)];
  if (times.some(({ from, to }) => minutesOf(from) >= minutesOf(to)))
    faults.push({
      path: windows.length > 0 ? "windows" : "pickupPoints",
      message: "must end after it begins",
    });
  if (kind === "pickup" && pickupPoints.length === 0)
    faults.push({ path: "pickupPoints", message: "must name where the goods are fetched" });
  if (kind === "pickup" && windows.length > 0)
    faults.push({ path: "windows", message: "are of deliveries only" });
  if (kind === "delivery" && pickupPoints.length > 0)
    faults.push({ path: "pickupPoints", message: "are of pickups only" });
  if (new Set(pickupPoints.map(({ id }) => id)).size < pickupPoints.length)
    faults.push({ path: "pickupPoints", message: "must not have the same id twice" });
  if (faults.length === 0) return;
  const errors = faults.map((fault) => ({ ...fault, code: "invalid-value" }));
  throw new ShopError("validation-failed", undefined, { errors });
}

function areAscending(rows: Rows): boolean {
  return rows.every(({ upTo }, index) => {
    const before = rows[index - 1]?.upTo;
    return index === 0 || (typeof before === "number" && (upTo === null || upTo > before));
  });
}
