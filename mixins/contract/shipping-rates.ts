import { z } from "zod";
import { address, countryCode } from "./fields.ts";
import { id } from "./ids.ts";

/**
 * The role `shipping.rates`: any service's action with these params and this result can tell what it costs to ship
 * goods. The setting `SHIPPING_RATES_ACTION` names it.
 */

const localDate = z.iso.date().describe("In the time zone of the sender");
const localTime = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 09:30")
  .describe("Local time, such as `09:30`");
const weekday = z.int().min(1).max(7).describe("1 is Monday, 7 is Sunday");

export const openingHours = z.array(z.strictObject({ weekday, from: localTime, to: localTime })).max(21);

/** Where goods can be fetched; the address without a name. */
export const pickupAddress = z.strictObject(address.omit({ name: true }).shape);

export const deliveryWindow = z
  .strictObject({ date: localDate, from: localTime, to: localTime })
  .meta({ id: "DeliveryWindow" });

export const estimate = z.strictObject({ from: localDate, to: localDate });

export const offeredPickupPoint = z
  .strictObject({
    id: z.string().min(1).max(100),
    name: z.string(),
    address: pickupAddress,
    openingHours,
    readyOn: localDate.describe("The first day on which the goods are there and the point is open"),
  })
  .meta({ id: "OfferedPickupPoint" });

export const deliveryKinds = ["delivery", "pickup"] as const;

/** What every view of an option shows beside its price. */
export const optionShape = {
  optionId: z.string().min(1).max(100),
  name: z.string(),
  description: z.string(),
  kind: z.enum(deliveryKinds).describe("`pickup`: the buyer fetches the goods at a pickup point"),
  estimate: estimate.nullable().describe("Days of arrival; null when they are not known"),
  windows: z.array(deliveryWindow).max(200).describe("To choose one from; empty: any time"),
  pickupPoints: z.array(offeredPickupPoint).max(100).describe("Of a pickup: at least one"),
} as const;

const rate = z.strictObject({
  ...optionShape,
  amountMinor: z.int().min(0).max(100_000_000).describe("Minor units of the currency"),
});

const merchantId = id.nullable().describe("null for the shop itself");

export const shippingRatesParams = z.strictObject({
  destination: z.strictObject({
    country: countryCode,
    regions: z.array(z.string().max(10)).max(2).describe("ISO 3166-2 code, GB/T 2260 code"),
    postalCode: z.string().max(20).nullable(),
  }),
  currency: z.string().length(3),
  locale: z.string().optional().describe("Language of the texts; absent for the shop's default"),
  groups: z
    .array(
      z.strictObject({
        merchantId,
        subtotalMinor: z.int().min(0).describe("Before discount"),
        quantity: z.int().min(1),
        weightGrams: z.int().min(0).nullable().describe("null when a weight is not known"),
      }),
    )
    .min(1)
    .max(100),
});

export const shippingRatesResult = z.strictObject({
  groups: z.array(
    z.strictObject({
      merchantId,
      options: z
        .array(rate)
        .max(100)
        .nullable()
        .describe("In the order to show them. null: no terms of its own, so that the shop's settings apply"),
    }),
  ),
});

export type ShippingQuestion = z.output<typeof shippingRatesParams>;
export type ShippingRatesAnswer = z.output<typeof shippingRatesResult>;
export type ShippingRate = z.output<typeof rate>;
export type DeliveryWindow = z.output<typeof deliveryWindow>;
export { localDate, localTime, weekday };
