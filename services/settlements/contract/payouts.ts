import { z } from "zod";
import { action, event } from "../../../mixins/contract/contract.ts";
import { document } from "../../../mixins/contract/document.ts";
import { expectedVersion, idempotencyKey, text, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { money, priceMinor } from "../../../mixins/contract/money.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";

/** Maximum number of transfers of a payout. */
export const maxTransfers = 500;

const transfer = z
  .strictObject({
    id,
    payoutId: id,
    merchantId: id,
    merchantName: z.string().nullable(),
    amount: money,
    status: z.enum(["open", "paid", "failed"]).describe("`failed`: the money is due again"),
    account: z.string().nullable().describe("The last four characters of the account's number"),
    failure: z.string().nullable(),
    createdAt: timestamp,
    settledAt: timestamp.nullable(),
  })
  .meta({ id: "PayoutTransfer" });

const payout = z
  .strictObject({
    id,
    amount: money,
    transferCount: z.int(),
    actor: z.string().describe("Whoever made it: `user:<id>`, `key:<id>` or `operator:<name>`"),
    createdAt: timestamp,
  })
  .meta({ id: "Payout" });

const payoutAccount = z
  .strictObject({
    merchantId: id,
    holder: z.string(),
    number: z.string().describe("Only its last four characters"),
    bank: z.string().nullable(),
    version: z.int(),
    updatedAt: timestamp,
  })
  .meta({ id: "PayoutAccount" });

const read = { permission: "settlements:read" } as const;
const write = { permission: "settlements:write" } as const;

export const payoutActions = {
  "payouts.create": action({
    summary: "Pay out what is due to merchants",
    description: `One transfer per merchant, of all that is due to it, to at most ${maxTransfers} merchants, those with most first. The file tells the bank what to pay; report each transfer as paid or failed.`,
    access: write,
    movesMoney: true,
    route: {
      method: "POST",
      path: "/payouts",
      status: 201,
      location: "/payouts/{id}",
      headers: { idempotencyKey: "Idempotency-Key" },
    },
    params: z.strictObject({
      idempotencyKey,
      merchantIds: z.array(id).min(1).max(maxTransfers).optional().describe("All merchants when absent"),
      minimumMinor: priceMinor.min(1).default(1).describe("Less than this is left for a later payout"),
    }),
    result: payout,
    errors: ["illegal-transition", "idempotency-mismatch"],
    idempotent: true,
    reads: "primary",
  }),
  "payouts.list": action({
    summary: "List payouts",
    access: read,
    route: { method: "GET", path: "/payouts" },
    params: z.strictObject(pageParams(["createdAt"], "-createdAt")),
    result: page(payout),
    errors: [],
    idempotent: true,
  }),
  "payouts.get": action({
    summary: "A payout with its transfers",
    access: read,
    route: { method: "GET", path: "/payouts/{id}" },
    params: z.strictObject({ id }),
    result: payout.extend({ transfers: z.array(transfer) }).meta({ id: "PayoutWithTransfers" }),
    errors: ["not-found"],
    idempotent: true,
  }),
  "payouts.file": action({
    summary: "A payout's transfers as CSV, for the bank",
    description: "With the full account numbers. A transfer to a merchant without an account has none.",
    access: write,
    route: {
      method: "GET",
      path: "/payouts/{id}/file",
      document: { mediaTypes: ["text/csv"], mediaTypeParam: "mediaType" },
    },
    params: z.strictObject({ id, mediaType: z.enum(["text/csv"]).default("text/csv") }),
    result: document,
    errors: ["not-found"],
    idempotent: true,
  }),
  "payouts.settle": action({
    summary: "Report that a transfer was paid, or failed",
    description:
      "A failed transfer's money is due again. A transfer that was paid can fail later, when the bank sends it back.",
    access: write,
    movesMoney: true,
    route: { method: "PATCH", path: "/payouts/{id}/transfers/{transferId}" },
    params: z.strictObject({
      id,
      transferId: id,
      status: z.enum(["paid", "failed"]),
      failure: text(200).optional().describe("Why it failed"),
    }),
    result: transfer,
    errors: ["not-found", "illegal-transition"],
    idempotent: true,
    reads: "primary",
  }),
  "transfers.list": action({
    summary: "Payouts to a merchant",
    access: { merchantOr: "settlements:read" },
    route: { method: "GET", path: "/merchants/{merchantId}/payouts" },
    params: z.strictObject({ merchantId: id, ...pageParams(["createdAt"], "-createdAt") }),
    result: page(transfer),
    errors: ["not-found"],
    idempotent: true,
  }),
  "payout-accounts.get": action({
    summary: "The account that a merchant is paid to",
    access: { merchantOr: "settlements:read" },
    route: { method: "GET", path: "/merchants/{merchantId}/payout-account" },
    params: z.strictObject({ merchantId: id }),
    result: payoutAccount,
    errors: ["not-found"],
    idempotent: true,
    reads: "primary",
  }),
  "payout-accounts.put": action({
    summary: "Set the account that a merchant is paid to",
    description: "Later payouts use it. Only its last four characters are shown from then on.",
    access: { merchantOr: "merchants:write" },
    stepUp: true,
    route: {
      method: "PUT",
      path: "/merchants/{merchantId}/payout-account",
      headers: { expectedVersion: "If-Match" },
    },
    params: z.strictObject({
      merchantId: id,
      expectedVersion: expectedVersion.optional().describe("Absent for the first one"),
      holder: text(120),
      number: z
        .string()
        .regex(/^[A-Z0-9]{5,40}$/, "must be 5 to 40 capital letters and digits, without blanks"),
      bank: text(120).nullable().default(null),
    }),
    result: payoutAccount,
    errors: ["not-found", "precondition-failed"],
    idempotent: false,
    reads: "primary",
  }),
};

export const payoutEvents = {
  "payout-created": event({
    summary: "Staff paid out what was due to merchants",
    about: { entity: "payout", id: "payoutId" },
    payload: z.strictObject({ payoutId: id, amount: money, transfers: z.int() }),
  }),
  "transfer-settled": event({
    summary: "A transfer to a merchant was paid, or failed",
    about: { entity: "merchant", id: "merchantId" },
    payload: z.strictObject({
      merchantId: id,
      payoutId: id,
      transferId: id,
      amount: money,
      status: z.enum(["paid", "failed"]),
      failure: z.string().nullable(),
    }),
  }),
  "payout-account-changed": event({
    summary: "The account that a merchant is paid to was set",
    about: { entity: "merchant", id: "merchantId" },
    payload: z.strictObject({
      merchantId: id,
      before: z.string().nullable().describe("The last four characters of its number"),
      after: z.string(),
    }),
    internal: true,
  }),
};
