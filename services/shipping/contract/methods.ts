import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { expectedVersion, longText, text, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { localizedTexts, textsByLocale } from "../../../mixins/contract/localized.ts";
import { priceMinor } from "../../../mixins/contract/money.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import {
  deliveryKinds,
  localDate,
  localTime,
  openingHours,
  pickupAddress,
  shippingRatesParams,
  shippingRatesResult,
  weekday,
} from "../../../mixins/contract/shipping-rates.ts";
import { headers, managers, merchantId } from "./zones.ts";

const texts = { name: text(120), description: longText(2000) };
const shownTexts = { name: z.string(), description: z.string() };

const days = z.int().min(0).max(90);
const amountMinor = priceMinor.describe("In minor units of the shop's currency");
const rows = z
  .array(
    z.strictObject({
      upTo: z
        .int()
        .min(0)
        .max(1_000_000_000)
        .nullable()
        .describe("Inclusive; null in the last row: no bound"),
      amountMinor,
    }),
  )
  .min(1)
  .max(50)
  .describe("Ascending; beyond the last row the method is not offered");

const price = z
  .discriminatedUnion("by", [
    z.strictObject({ by: z.literal("flat"), amountMinor }),
    ...(["weight", "value", "quantity"] as const).map((by) => z.strictObject({ by: z.literal(by), rows })),
  ])
  .describe("`weight` in grams, `value` in minor units before discount, `quantity` in units")
  .meta({ id: "ShippingPrice" });

const window = z.strictObject({
  weekday,
  from: localTime,
  to: localTime,
  cutOffHours: z.int().min(0).max(336).describe("It can be chosen until this many hours before it begins"),
});

const pickupPoint = z.strictObject({
  id: z
    .string()
    .max(40)
    .regex(/^[a-z0-9][a-z0-9-]*$/, "must be small letters, digits and hyphens")
    .describe("Unique in the method"),
  name: text(120),
  address: pickupAddress,
  openingHours,
  holidays: z.array(localDate).max(100).describe("Days on which it is closed"),
});

const terms = {
  price,
  freeFromMinor: priceMinor.nullable().describe("Goods worth at least this ship free; null: never"),
  maxWeightGrams: z.int().min(1).max(1_000_000_000).nullable(),
  handlingDays: days.describe("Until the goods leave"),
  transitDays: z.strictObject({ min: days, max: days }),
  cutOff: localTime.nullable().describe("Orders from then on count for the next day; null: midnight"),
  timeZone: z
    .string()
    .max(60)
    .regex(/^[A-Z][A-Za-z0-9_+/-]*$/, "must be a time zone such as Europe/London")
    .describe("Of all days and times, such as `Asia/Shanghai`"),
  windows: z.array(window).max(50).describe("Of a delivery; empty: any time"),
  pickupPoints: z.array(pickupPoint).max(50).describe("Of a pickup: at least one"),
} as const;

const termsSchema = z.strictObject(terms);
/** What a method costs and promises. */
export type MethodTerms = z.output<typeof termsSchema>;

const shared = {
  enabled: z.boolean(),
  position: z.int().min(0).max(10_000).describe("Among those of its zone, in ascending order"),
} as const;

const method = z
  .strictObject({
    id,
    merchantId,
    zoneId: id,
    kind: z.enum(deliveryKinds),
    ...shownTexts,
    texts: textsByLocale(shownTexts),
    ...shared,
    ...terms,
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "ShippingMethod" });

const changing = {
  name: texts.name.optional(),
  description: texts.description.optional(),
  texts: localizedTexts(texts).optional(),
  ...z.strictObject({ ...shared, ...terms }).partial().shape,
} as const;

export const methodActions = {
  "methods.list": action({
    summary: "List shipping methods: your merchants', or all for staff",
    access: managers,
    route: { method: "GET", path: "/shipping-methods" },
    params: z.strictObject({
      ...pageParams(["createdAt"], "createdAt"),
      merchantId: id.optional(),
      zoneId: id.optional(),
    }),
    result: page(method),
    errors: [],
    idempotent: true,
  }),
  "methods.create": action({
    summary: "Add a shipping method to a zone",
    description:
      "A method with a price by weight or a maximum weight is offered only when the weight of all goods is known.",
    access: managers,
    route: { method: "POST", path: "/shipping-methods", status: 201, location: "/shipping-methods/{id}" },
    params: z.strictObject({
      zoneId: id,
      kind: z.enum(deliveryKinds).default("delivery"),
      name: texts.name,
      description: texts.description.default(""),
      texts: localizedTexts(texts).optional(),
      enabled: shared.enabled.default(true),
      position: shared.position.default(0),
      price: terms.price,
      freeFromMinor: terms.freeFromMinor.default(null),
      maxWeightGrams: terms.maxWeightGrams.default(null),
      handlingDays: terms.handlingDays.default(0),
      transitDays: terms.transitDays.default({ min: 0, max: 0 }),
      cutOff: terms.cutOff.default(null),
      timeZone: terms.timeZone.default("UTC"),
      windows: terms.windows.default([]),
      pickupPoints: terms.pickupPoints.default([]),
    }),
    result: method,
    errors: ["not-found", "limit-reached"],
    idempotent: false,
  }),
  "methods.get": action({
    summary: "A shipping method",
    access: managers,
    route: { method: "GET", path: "/shipping-methods/{id}" },
    params: z.strictObject({ id }),
    result: method,
    errors: ["not-found"],
    idempotent: true,
  }),
  "methods.update": action({
    summary: "Change a shipping method",
    description: "Placed orders keep what was chosen.",
    access: managers,
    route: { method: "PATCH", path: "/shipping-methods/{id}", headers },
    params: z.strictObject({ id, ...changing, expectedVersion }),
    result: method,
    errors: ["not-found", "precondition-failed"],
    idempotent: true,
  }),
  "methods.remove": action({
    summary: "Remove a shipping method",
    access: managers,
    route: { method: "DELETE", path: "/shipping-methods/{id}", headers },
    params: z.strictObject({ id, expectedVersion: expectedVersion.optional() }),
    result: z.null(),
    errors: ["not-found", "precondition-failed"],
    idempotent: true,
  }),
  rates: action({
    summary: "What it costs to ship goods of several merchants",
    access: "internal",
    params: shippingRatesParams,
    result: shippingRatesResult,
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
};
