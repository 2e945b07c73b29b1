import type { StoredImage } from "../../../mixins/contract/stored-image.ts";
import type { AfterSaleStatus } from "./transitions.ts";

export const kinds = ["refund-only", "return-and-refund", "exchange"] as const;
export type AfterSaleKind = (typeof kinds)[number];

export const reasons = [
  "damaged",
  "defective",
  "wrong-item",
  "not-as-described",
  "incomplete",
  "late",
  "unwanted",
  "other",
] as const;
export type AfterSaleReason = (typeof reasons)[number];

/** Where the goods in question are, or go. */
export type Goods = "unshipped" | "kept" | "returned";

/** Amounts are minor units of the currency, times milliseconds since the Unix epoch. */
export interface AfterSale {
  readonly id: string;
  readonly orderId: string;
  readonly orderNumber: string;
  readonly customerId: string;
  /** Null for the shop itself. */
  readonly merchantId: string | null;
  /** The merchant's part of the order. */
  readonly partId: string;
  readonly kind: AfterSaleKind;
  readonly goods: Goods;
  /** What ends it; an exchange without a replacement ends with a refund. */
  readonly remedy: "refund" | "replacement";
  readonly reason: AfterSaleReason;
  readonly text: string | null;
  readonly status: AfterSaleStatus;
  /** What is asked for: at most what was paid for the goods. */
  readonly amount: number;
  readonly currency: string;
  /** What was refunded; null unless `refunded`. */
  readonly refund: number | null;
  /** Whether the goods that came back can be sold again; null until they have come back. */
  readonly restock: boolean | null;
  readonly returnCarrier: string | null;
  readonly returnTracking: string | null;
  readonly sentBackAt: number | null;
  /** Of the reserved replacement. */
  readonly replacementId: string | null;
  readonly replacementCarrier: string | null;
  readonly replacementTracking: string | null;
  readonly images: readonly StoredImage[];
  /** End of the present status by itself; see `dueAt`. */
  readonly dueAt: number;
  /** Next attempt to have the refund made; `never` when none is owed. */
  readonly refundAt: number;
  /** Next attempt to tell orders whether it is open; `never` when orders knows. */
  readonly holdAt: number;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface AfterSaleLine {
  readonly lineId: string;
  readonly variantId: string;
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  /** What was paid for them, after discount. */
  readonly worth: number;
}

export interface AfterSaleWithLines extends AfterSale {
  readonly lines: readonly AfterSaleLine[];
}
