import type { StoredImage } from "../../../mixins/contract/stored-image.ts";
import type { AfterSale } from "../domain/after-sale-model.ts";

/** A row as `columns` selects it. */
export type AfterSaleRow = Omit<AfterSale, "restock" | "images" | "dueAt" | "createdAt"> & {
  restock: number | null;
  images: string | null;
  due_at: number;
  created_at: number;
};

export const columns = `a.id, a.order_id AS orderId, a.order_number AS orderNumber, a.customer_id AS customerId,
  a.merchant_id AS merchantId, a.part_id AS partId, a.kind, a.goods, a.remedy, a.reason, a.text, a.status, a.amount, a.currency, a.refund,
  a.restock, a.return_carrier AS returnCarrier, a.return_tracking AS returnTracking, a.sent_back_at AS sentBackAt,
  a.replacement_id AS replacementId, a.replacement_carrier AS replacementCarrier,
  a.replacement_tracking AS replacementTracking, a.images, a.due_at, a.refund_at AS refundAt, a.hold_at AS holdAt,
  a.version, a.created_at, a.updated_at AS updatedAt`;

export function fromRow({ restock, images, due_at, created_at, ...same }: AfterSaleRow): AfterSale {
  return {
    ...same,
    restock: restock === null ? null : restock === 1,
    images: images === null ? [] : (JSON.parse(images) as StoredImage[]),
    dueAt: due_at,
    createdAt: created_at,
  };
}
