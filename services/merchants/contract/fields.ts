import { z } from "zod";
import { address, email, longText, text } from "../../../mixins/contract/fields.ts";
import { merchantRoleNames } from "../../../mixins/contract/permissions.ts";

export const merchantStatuses = ["pending", "active", "suspended", "rejected", "closed"] as const;
export type MerchantStatus = (typeof merchantStatuses)[number];
export const merchantStatus = z
  .enum(merchantStatuses)
  .describe(
    "`pending` awaits approval; only the products of an `active` merchant are on sale; orders of a `suspended` one are finished; `rejected` and `closed` are final",
  );

export const memberRole = z
  .enum(merchantRoleNames)
  .describe("Determines the permissions, which hold for this merchant's data only");

/** Fields with texts in several languages. */
export const texts = { name: text(120), description: longText(5000) };
export const shownTexts = { name: z.string(), description: z.string() };

const count = z.int().min(0);

/** The published reviews of a merchant's products, counted. */
export const rating = z
  .strictObject({
    average: z.number().nullable().describe("Of the stars, to two decimals; null without reviews"),
    count,
    stars: z.strictObject({ "1": count, "2": count, "3": count, "4": count, "5": count }),
  })
  .meta({ id: "MerchantRating" })
  .describe("Of the published reviews of its products");

/** Whom the mall's staff talk to. */
export const contact = z.strictObject({
  name: text(120),
  email,
  phone: text(40).optional(),
});

export const shownContact = contact.extend({ email: z.string() });

/** The trader behind the merchant. */
export const legal = z.strictObject({
  name: text(200).describe("Registered name"),
  registrationNumber: text(60).optional(),
  taxId: text(60).optional(),
  address,
});

/** Hundredths of a percent. */
export const basisPoints = z.int().min(0).max(10_000).describe("Hundredths of a percent: 1250 is 12.5 %");
