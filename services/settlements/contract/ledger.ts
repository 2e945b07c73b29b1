import { z } from "zod";
import { action, event } from "../../../mixins/contract/contract.ts";
import { document } from "../../../mixins/contract/document.ts";
import { text, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { money } from "../../../mixins/contract/money.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { accounts, transactionKinds } from "../domain/entries.ts";

const amount = z.int().describe("Minor units");

const merchantBalance = z
  .strictObject({
    merchantId: id,
    name: z.string().nullable(),
    pending: money.describe(
      "Owed to the merchant, but not due: until the return window of the goods has ended",
    ),
    due: money.describe("Due to the merchant; negative while the merchant owes"),
  })
  .meta({ id: "MerchantBalance" });

const transaction = z
  .strictObject({
    id,
    sequence: z.int().describe("Counts the merchant's transactions from 1"),
    kind: z
      .enum(transactionKinds)
      .describe("`release`: a sale's money became due; `payout-failed`: a payout's money is due again"),
    at: timestamp,
    currency: z.string(),
    pending: amount.describe("Owed, not due, after it"),
    due: amount.describe("Due after it"),
    entries: z
      .partialRecord(z.enum(accounts), amount)
      .describe("Double entry: debits are positive, credits negative, and they add up to 0"),
    orderId: id.nullable(),
    orderNumber: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: "LedgerTransaction" });

/** Maximum adjustment, beyond any order's total. */
const maxAdjustment = 100_000_000_000;
const own = { merchantOr: "settlements:read" } as const;

export const ledgerActions = {
  "balances.list": action({
    summary: "What the mall owes its merchants",
    description: "Staff see all merchants, members of merchants their own.",
    access: own,
    route: { method: "GET", path: "/merchant-balances" },
    params: z.strictObject(pageParams(["due"], "-due")),
    result: page(merchantBalance),
    errors: [],
    idempotent: true,
  }),
  "balances.get": action({
    summary: "What the mall owes a merchant",
    access: own,
    route: { method: "GET", path: "/merchants/{merchantId}/balance" },
    params: z.strictObject({ merchantId: id }),
    result: merchantBalance,
    errors: ["not-found"],
    idempotent: true,
  }),
  "ledger.list": action({
    summary: "A merchant's ledger",
    access: own,
    route: { method: "GET", path: "/merchants/{merchantId}/ledger" },
    params: z.strictObject({
      merchantId: id,
      ...pageParams(["sequence"], "-sequence"),
      kind: z.enum(transactionKinds).optional(),
      from: timestamp.optional(),
      before: timestamp.optional(),
    }),
    result: page(transaction),
    errors: ["not-found"],
    idempotent: true,
  }),
  "statements.get": action({
    summary: "A merchant's statement of a month, as CSV",
    description:
      "Opening balance, every transaction with the balance after it, closing balance. The month is that of UTC.",
    access: own,
    route: {
      method: "GET",
      path: "/merchants/{merchantId}/statement",
      document: { mediaTypes: ["text/csv"], mediaTypeParam: "mediaType" },
    },
    params: z.strictObject({
      merchantId: id,
      month: z
        .string()
        .regex(/^20\d\d-(?:0[1-9]|1[0-2])$/, "must be a month such as 2026-11")
        .optional()
        .describe("The present one when absent")
        .meta({ examples: ["2026-11"] }),
      mediaType: z.enum(["text/csv"]).default("text/csv"),
    }),
    result: document,
    errors: ["not-found"],
    idempotent: true,
    fairQueue: { concurrency: 2, maxWaiting: 20 },
  }),
  "balances.adjust": action({
    summary: "Correct what is due to a merchant",
    access: { permission: "settlements:write" },
    movesMoney: true,
    route: { method: "POST", path: "/merchants/{merchantId}/adjustments", status: 201 },
    params: z.strictObject({
      merchantId: id,
      amountMinor: z
        .int()
        .min(-maxAdjustment)
        .max(maxAdjustment)
        .refine((value) => value !== 0, "must not be 0")
        .describe("In the merchant's favour when positive"),
      reason: text(200),
    }),
    result: merchantBalance,
    errors: ["not-found"],
    idempotent: false,
    reads: "primary",
  }),
};

export const ledgerEvents = {
  "balance-adjusted": event({
    summary: "Staff corrected what is due to a merchant",
    about: { entity: "merchant", id: "merchantId" },
    payload: z.strictObject({
      merchantId: id,
      amount: money,
      due: money.describe("Afterwards"),
      reason: z.string(),
    }),
  }),
};
