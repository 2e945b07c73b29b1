import { z } from "zod";
import { action, event } from "../../../mixins/contract/contract.ts";
import { countryCode, expectedVersion, text, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";

export const merchantId = id.nullable().describe("Whose it is; null for the mall's own");

/** Of actions on what is a merchant's or the mall's. */
export const managers = { merchantOr: "shipping:manage" } as const;
export const headers = { expectedVersion: "If-Match" };

const postalCode = z
  .string()
  .max(12)
  .regex(/^[A-Za-z0-9][A-Za-z0-9 -]*$/, "must be letters, digits, blanks and hyphens");

const area = z
  .discriminatedUnion("on", [
    z.strictObject({ on: z.literal("everywhere") }),
    z.strictObject({ on: z.literal("country"), country: countryCode }),
    z.strictObject({
      on: z.literal("region"),
      region: z
        .string()
        .regex(/^(?:[A-Z]{2}-[A-Z0-9]{1,3}|[1-9][0-9]{5})$/, "must be a code such as GB-SCT or 440000")
        .describe("ISO 3166-2; in China also GB/T 2260: a province or city includes its districts"),
    }),
    z.strictObject({ on: z.literal("postal-prefix"), country: countryCode, prefix: postalCode }),
    z.strictObject({ on: z.literal("postal-range"), country: countryCode, from: postalCode, to: postalCode }),
  ])
  .describe(
    "Of several zones of one merchant that contain an address, the most specific one applies: the longest postal prefix, then a postal range, the region, the country, `everywhere`",
  )
  .meta({ id: "ShippingArea" });

export type Area = z.output<typeof area>;

const areas = z.array(area).min(1).max(200);
const name = text(120).describe("For staff and the merchant's members");

const zone = z
  .strictObject({
    id,
    merchantId,
    name: z.string(),
    areas: z.array(area),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "ShippingZone" });

export const zoneActions = {
  "zones.list": action({
    summary: "List shipping zones: your merchants', or all for staff",
    access: managers,
    route: { method: "GET", path: "/shipping-zones" },
    params: z.strictObject({ ...pageParams(["createdAt"], "createdAt"), merchantId: id.optional() }),
    result: page(zone),
    errors: [],
    idempotent: true,
  }),
  "zones.create": action({
    summary: "Add a shipping zone",
    description:
      "The mall's own zones also serve the merchants that have none. Two zones of one merchant cannot have the same area, nor postal ranges that overlap.",
    access: managers,
    route: { method: "POST", path: "/shipping-zones", status: 201, location: "/shipping-zones/{id}" },
    params: z.strictObject({
      merchantId: merchantId
        .optional()
        .describe("Staff: null, the default, is the mall; members: one of theirs, by default the only one"),
      name,
      areas,
    }),
    result: zone,
    errors: ["not-found", "already-exists", "limit-reached"],
    idempotent: false,
  }),
  "zones.get": action({
    summary: "A shipping zone",
    access: managers,
    route: { method: "GET", path: "/shipping-zones/{id}" },
    params: z.strictObject({ id }),
    result: zone,
    errors: ["not-found"],
    idempotent: true,
  }),
  "zones.update": action({
    summary: "Change a shipping zone",
    access: managers,
    route: { method: "PATCH", path: "/shipping-zones/{id}", headers },
    params: z.strictObject({ id, name: name.optional(), areas: areas.optional(), expectedVersion }),
    result: zone,
    errors: ["not-found", "already-exists", "precondition-failed"],
    idempotent: true,
  }),
  "zones.remove": action({
    summary: "Remove a shipping zone with its methods",
    description: "Placed orders keep what was chosen.",
    access: managers,
    route: { method: "DELETE", path: "/shipping-zones/{id}", headers },
    params: z.strictObject({ id, expectedVersion: expectedVersion.optional() }),
    result: z.null(),
    errors: ["not-found", "precondition-failed"],
    idempotent: true,
  }),
  "zones.any": action({
    summary: "Whether there is any shipping zone",
    access: "anyone",
    params: z.strictObject({}),
    result: z.boolean(),
    errors: [],
    idempotent: true,
    reads: "primary",
    cache: { maxAgeMs: 10_000 },
  }),
};

/** Changed fields only, before and after. */
const snapshot = z.record(z.string(), z.unknown()).nullable();

export const shippingEvents = {
  changed: event({
    summary: "A shipping zone or method was created, changed or removed",
    about: { entityFrom: "entity", id: "id" },
    payload: z.strictObject({
      entity: z.enum(["shipping-zone", "shipping-method"]),
      id,
      merchantId: id.nullable(),
      change: z.enum(["created", "updated", "removed"]),
      before: snapshot,
      after: snapshot,
    }),
  }),
};
