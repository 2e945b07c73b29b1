import { z } from "zod";
import { timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { money } from "../../../mixins/contract/money.ts";
import { image } from "../../../mixins/media/contract.ts";
import { kinds, reasons } from "../domain/after-sale-model.ts";
import { afterSaleStatuses, afterSaleSteps } from "../domain/transitions.ts";

export const kind = z
  .enum(kinds)
  .describe(
    "`refund-only`: of goods that were not sent, or that the buyer keeps; `return-and-refund`; `exchange` for the same variant",
  );
export const reason = z.enum(reasons);
export const status = z
  .enum(afterSaleStatuses)
  .describe(
    "`requested` awaits the merchant's answer; `rejected` can be escalated, then it is `disputed` until the mall's staff decide; `approved` awaits the goods, or the refund of goods that do not come back; `sent-back` and `received` are the goods on their way and arrived; `refunded`, `replaced`, `withdrawn` and `closed` are final",
  );

const parcel = z.strictObject({ carrier: z.string(), trackingNumber: z.string() });

export const summary = z
  .strictObject({
    id,
    orderId: id,
    orderNumber: z.string(),
    customerId: id,
    merchantId: id.nullable().describe("null for the shop itself"),
    kind,
    remedy: z
      .enum(["refund", "replacement"])
      .describe("What ends it: an exchange without a replacement ends with a refund"),
    reason,
    status,
    amount: money.describe("Asked for: at most what was paid for the goods"),
    refund: money.nullable().describe("Refunded; null unless it is `refunded`"),
    dueAt: timestamp
      .nullable()
      .describe("When the status ends by itself, as the guide says; null when nobody has to act"),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "AfterSaleSummary" });

export const afterSale = z
  .strictObject({
    ...summary.shape,
    goods: z
      .enum(["unshipped", "kept", "returned"])
      .describe("Whether the goods were not sent, stay with the buyer, or come back"),
    text: z.string().nullable(),
    lines: z.array(
      z.strictObject({
        lineId: id,
        variantId: id,
        productId: id,
        sku: z.string(),
        name: z.string(),
        quantity: z.int(),
        worth: money.describe("What was paid for them, after discount"),
      }),
    ),
    restock: z.boolean().nullable().describe("Whether what came back can be sold again"),
    returnParcel: parcel.nullable(),
    replacementParcel: parcel.nullable(),
    images: z.array(image),
  })
  .meta({ id: "AfterSale" });

export const timelineEntry = z
  .strictObject({
    at: timestamp,
    step: z.enum(afterSaleSteps),
    status,
    actor: z.string().describe("`user:<id>`, `system:<name>` or `operator:<name>`"),
    reason: z.string().nullable(),
  })
  .meta({ id: "AfterSaleTimelineEntry" });

export const message = z
  .strictObject({
    id,
    author: z.enum(["buyer", "merchant", "staff"]),
    text: z.string(),
    images: z.array(image),
    createdAt: timestamp,
  })
  .meta({ id: "AfterSaleMessage" });
