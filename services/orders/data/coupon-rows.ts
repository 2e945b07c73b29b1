import type { Coupon, CouponDiscount } from "../domain/coupon.ts";
import type { CouponScope } from "../domain/coupon-scope.ts";

export type CouponRow = {
  id: string;
  merchant_id: string | null;
  code: string;
  description: string | null;
  discount_kind: CouponDiscount["kind"];
  discount_value: number;
  scope_kind: CouponScope["kind"] | null;
  scope_ids: string | null;
  minimum_subtotal: number;
  valid_from: number | null;
  valid_until: number | null;
  total_limit: number | null;
  per_customer_limit: number | null;
  claimable: number;
  claim_limit: number | null;
  claims: number;
  active: number;
  uses: number;
  version: number;
  created_at: number;
  updated_at: number;
};

export const couponColumns =
  "id, merchant_id, code, description, discount_kind, discount_value, scope_kind, scope_ids, minimum_subtotal, valid_from, valid_until, total_limit, per_customer_limit, claimable, claim_limit, claims, active, uses, version, created_at, updated_at";

export function couponFromRow(row: CouponRow): Coupon {
  return {
    id: row.id,
    merchantId: row.merchant_id,
    code: row.code,
    description: row.description,
    discount:
      row.discount_kind === "percent"
        ? { kind: "percent", basisPoints: row.discount_value }
        : { kind: "fixed", amountMinor: row.discount_value },
    scope: scopeOf(row),
    minimumSubtotal: row.minimum_subtotal,
    validFrom: row.valid_from,
    validUntil: row.valid_until,
    totalLimit: row.total_limit,
    perCustomerLimit: row.per_customer_limit,
    claimable: row.claimable === 1,
    claimLimit: row.claim_limit,
    claims: row.claims,
    active: row.active === 1,
    uses: row.uses,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Rows of an earlier version have no scope. */
function scopeOf({ scope_kind: kind, scope_ids: ids }: CouponRow): CouponScope {
  if (kind === null || kind === "all" || ids === null) return { kind: "all" };
  return { kind, ids: JSON.parse(ids) as string[] };
}

export function couponToRow(coupon: Coupon): CouponRow {
  const { discount, scope } = coupon;
  return {
    id: coupon.id,
    merchant_id: coupon.merchantId,
    code: coupon.code,
    description: coupon.description,
    discount_kind: discount.kind,
    discount_value: discount.kind === "percent" ? discount.basisPoints : discount.amountMinor,
    scope_kind: scope.kind === "all" ? null : scope.kind,
    scope_ids: scope.kind === "all" ? null : JSON.stringify(scope.ids),
    minimum_subtotal: coupon.minimumSubtotal,
    valid_from: coupon.validFrom,
    valid_until: coupon.validUntil,
    total_limit: coupon.totalLimit,
    per_customer_limit: coupon.perCustomerLimit,
    claimable: Number(coupon.claimable),
    claim_limit: coupon.claimLimit,
    claims: coupon.claims,
    active: Number(coupon.active),
    uses: coupon.uses,
    version: coupon.version,
    created_at: coupon.createdAt,
    updated_at: coupon.updatedAt,
  };
}
