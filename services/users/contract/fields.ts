import { z } from "zod";
import { address, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { imageSummary } from "../../../mixins/media/contract.ts";
import { genders } from "../domain/genders.ts";
import { permissions } from "../../../mixins/contract/permissions.ts";
import type { Permission } from "../../../mixins/contract/permissions.ts";

export { email } from "../../../mixins/contract/fields.ts";

/** E.164, without blanks. */
export const phone = z
  .string()
  .max(16)
  .regex(/^\+[1-9]\d{6,14}$/, "must be in E.164 form, such as +8613800138000")
  .describe("E.164, such as `+8613800138000`");

/** A code from a message to a phone. */
export const phoneCode = z
  .string()
  .regex(/^\d{6}$/, "must be six digits")
  .describe("Six digits, from the message");

/** NIST 800-63B: length counts; there are no composition rules. */
export const newPassword = z
  .string()
  .min(8)
  .max(128)
  .describe(
    "8 to 128 characters, neither a common password nor made of your address, your name or the shop's name",
  );

/** A password to compare with the stored one. */
export const knownPassword = z.string().min(1).max(128);

/** Name of a built-in or custom role. */
export const roleName = z
  .string()
  .max(20)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "must be small letters and digits, joined by single hyphens")
  .describe("Name of a role, which determines the account's permissions");
export const permission = z.enum(Object.keys(permissions) as [Permission, ...Permission[]]);

/** Six digits of an authenticator app, or a recovery code. */
export const secondFactor = z.string().min(6).max(40).describe("A code of the app, or a recovery code");

/** Mailed token for one use. */
export const mailedToken = z.string().min(1).max(100).describe("From the mail; single-use");

/** Issued at login; identifies a device as known to the account. */
export const deviceToken = z.string().min(1).max(100);

export const user = z
  .strictObject({
    id,
    email: z.string(),
    emailVerified: z.boolean().describe("True when the address was verified by mail"),
    name: z.string(),
    role: roleName,
    permissions: z.array(permission),
    status: z.enum(["active", "disabled", "deleted"]),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "User" });

export const gender = z.enum(genders);

/** A day in the past, since 1900. */
export const birthday = z.iso.date().refine(isPastDay, "must be a day in the past, since 1900");

function isPastDay(day: string): boolean {
  return day >= "1900-01-01" && Date.parse(day) < Date.now();
}

/** An account, as its owner sees it. */
export const ownUser = z
  .strictObject({
    ...user.shape,
    avatar: imageSummary.nullable(),
    nickname: z.string().nullable(),
    gender: gender.nullable(),
    birthday: z.iso.date().nullable(),
    locale: z.string().nullable().describe("Language of messages; null is the shop's default"),
    phone: z.string().nullable().describe("Verified, in E.164"),
    keepsHistory: z.boolean().describe("Whether products that you look at are recorded for you"),
  })
  .meta({ id: "OwnUser" });

export const savedAddress = z
  .strictObject({
    id,
    label: z.string().nullable(),
    address,
    isDefault: z.boolean().describe("Whether it is the default delivery address; at most one is"),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "SavedAddress" });

export const tokens = z
  .strictObject({
    tokenType: z.literal("Bearer"),
    accessToken: z.string().describe("Send it as `Authorization: Bearer …`"),
    expiresIn: z.int().describe("Lifetime of the access token in seconds"),
    refreshToken: z.string().describe("For one call of `/auth/refresh`; keep it secret"),
    deviceToken: deviceToken.describe(
      "Keep it on the device, even after logout, and send it with the next login: failed logins of others then do not delay yours. It grants no access and is valid for a year; a newer one replaces it",
    ),
    user,
    cartId: id.nullable().describe("The cart that the guest cart was merged into, if any"),
  })
  .meta({ id: "Tokens" });

/** For actions that hash a password: a flood of them must not starve other actions. */
export const hashing = { name: "hashing", weightClass: "other" } as const;
export const hashingToSignIn = { name: "hashing", weightClass: "sign-in" } as const;
