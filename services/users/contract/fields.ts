import { z } from "zod";
import { address, timestamp } from "../../contract/fields.ts";
import { id } from "../../contract/ids.ts";
import { permissions } from "../../contract/permissions.ts";
import type { Permission } from "../../contract/permissions.ts";

export const email = z
  .email()
  .max(254)
  .transform((value) => value.toLowerCase())
  .describe("Compared without regard to case");

/** NIST 800-63B: length is what counts; no rules of composition. */
export const newPassword = z.string().min(8).max(128).describe("8 to 128 characters, not one of the common ones");

/** A password that is compared with the one on record. */
export const knownPassword = z.string().min(1).max(128);

/** Of a role that comes with the shop or is of its own making. */
export const roleName = z
  .string()
  .max(20)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "must be small letters and digits, joined by single hyphens")
  .describe("Names a role, which decides what its holder may do");
export const permission = z.enum(Object.keys(permissions) as [Permission, ...Permission[]]);

/** Six digits of an authenticator app, or a recovery code. */
export const secondFactor = z.string().min(6).max(40).describe("A code of the app, or a recovery code");

/** From a mail; good for one use. */
export const mailedToken = z.string().min(1).max(100).describe("From the mail; good for one use");

export const user = z
  .strictObject({
    id,
    email: z.string(),
    emailVerified: z.boolean().describe("Whether its owner has shown that mail to the address reaches them"),
    name: z.string(),
    role: roleName,
    permissions: z.array(permission),
    status: z.enum(["active", "disabled", "deleted"]),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "User" });

export const savedAddress = z
  .strictObject({ id, label: z.string().nullable(), address, createdAt: timestamp, updatedAt: timestamp })
  .meta({ id: "SavedAddress" });

export const tokens = z
  .strictObject({
    tokenType: z.literal("Bearer"),
    accessToken: z.string().describe("Send it as `Authorization: Bearer …`"),
    expiresIn: z.int().describe("Seconds for which the access token is good"),
    refreshToken: z.string().describe("Good for one call of `/auth/refresh`; keep it secret"),
    user,
    cartId: id.nullable().describe("The cart that took in the guest cart named at login, if one was"),
  })
  .meta({ id: "Tokens" });

/** For actions that hash a password: a flood of them must not starve the rest, nor each other. */
export const hashing = { of: "hashing", lane: "other" } as const;
export const hashingToSignIn = { of: "hashing", lane: "sign-in" } as const;
