import type { Caller } from "../../mixins/contract/caller.ts";
import { may, merchantsWith } from "../../mixins/contract/caller.ts";
import type { ProductStatus } from "./domain/product-lifecycle.ts";

/** What decides who sees a product. */
export interface Visible {
  readonly status: ProductStatus;
  readonly merchantId: string | null;
  /** Its merchant may not sell at present. */
  readonly isWithheld: boolean;
}

/** True when the caller may see the product: those that are not on sale are for staff and its merchant's members. */
export function maySee(caller: Caller, { status, merchantId, isWithheld }: Visible): boolean {
  if (status === "published" && !isWithheld) return true;
  return may(caller, "catalog:write") || (merchantId !== null && worksFor(caller, merchantId));
}

/** Whether the caller is a member of the merchant. */
export function worksFor(caller: Caller, merchantId: string): boolean {
  return caller.kind === "user" && (caller.merchants ?? []).some((each) => each.merchantId === merchantId);
}

/**
 * Which products a list in this status has for the caller: all for staff, those on sale for everybody else, and
 * in other statuses those of their merchants for members.
 *
 * @returns undefined when the caller may see none
 */
export function scopeOf(
  caller: Caller,
  status: ProductStatus,
): { readonly among?: readonly string[]; readonly onlySold: boolean } | undefined {
  if (may(caller, "catalog:write")) return { onlySold: false };
  if (status === "published") return { onlySold: true };
  const among = merchantsWith(caller, "catalog:write");
  return among.length > 0 ? { among, onlySold: false } : undefined;
}
