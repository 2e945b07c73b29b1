import type { EventPayload, Result } from "../../mixins/contract/calls.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import type { ImagePresenter } from "../../mixins/media/present-image.ts";
import type { Message } from "./data/message-repository.ts";
import type { AfterSale, AfterSaleWithLines } from "./domain/after-sale-model.ts";
import { never } from "./domain/deadlines.ts";
import { openStatuses } from "./domain/transitions.ts";

export function presentSummary(afterSale: AfterSale): Result<"after-sales.requests.list">["items"][number] {
  const { id, orderId, orderNumber, customerId, merchantId, kind, remedy, reason, status } = afterSale;
  const { amount, refund, currency, dueAt, version, createdAt, updatedAt } = afterSale;
  return {
    id,
    orderId,
    orderNumber,
    customerId,
    merchantId,
    kind,
    remedy,
    reason,
    status,
    amount: { amount, currency },
    refund: refund === null ? null : { amount: refund, currency },
    dueAt: dueAt === never ? null : toTimestamp(dueAt),
    version,
    createdAt: toTimestamp(createdAt),
    updatedAt: toTimestamp(updatedAt),
  };
}

export function presentAfterSale(
  afterSale: AfterSaleWithLines,
  images: ImagePresenter,
): Result<"after-sales.requests.get"> {
  const { goods, text, lines, currency, restock } = afterSale;
  return {
    ...presentSummary(afterSale),
    goods,
    text,
    lines: lines.map(({ worth, ...line }) => ({ ...line, worth: { amount: worth, currency } })),
    restock,
    returnParcel: parcel(afterSale.returnCarrier, afterSale.returnTracking),
    replacementParcel: parcel(afterSale.replacementCarrier, afterSale.replacementTracking),
    images: afterSale.images.map((image) => images.image(image)),
  };
}

export function presentMessage(
  { id, author, text, images, createdAt }: Message,
  presenter: ImagePresenter,
): Result<"after-sales.messages.add"> {
  return {
    id,
    author,
    text,
    images: images.map((image) => presenter.image(image)),
    createdAt: toTimestamp(createdAt),
  };
}

/** What every event tells of an after-sale. */
export function eventBase(afterSale: AfterSale): EventPayload<"after-sales.withdrawn"> {
  const { id, orderId, orderNumber: number, customerId, merchantId, kind } = afterSale;
  return { afterSaleId: id, orderId, number, customerId, merchantId, kind };
}

export function eventLines({ lines }: AfterSaleWithLines): EventPayload<"after-sales.requested">["lines"] {
  return lines.map(({ lineId, variantId, quantity }) => ({ lineId, variantId, quantity }));
}

function parcel(carrier: string | null, trackingNumber: string | null) {
  return carrier === null || trackingNumber === null ? null : { carrier, trackingNumber };
}

/** Every open status, also those without any. */
export function presentCounts(
  counted: readonly { readonly status: string; readonly count: number }[],
): Result<"after-sales.requests.counts"> {
  const counts = new Map(counted.map(({ status, count }) => [status, count]));
  return { items: openStatuses.map((status) => ({ status, count: counts.get(status) ?? 0 })) };
}

/** Milliseconds since 1970 of a timestamp, if any. */
export function timeOf(timestamp: string | undefined): number | undefined {
  return timestamp === undefined ? undefined : Date.parse(timestamp);
}
