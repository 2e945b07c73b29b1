import type { Caller } from "../../mixins/contract/caller.ts";
import { may, merchantFilter, merchantsWith } from "../../mixins/contract/caller.ts";
import { ShopError } from "../../mixins/contract/errors.ts";
import type { Visibility } from "./data/after-sale-repository.ts";
import type { Author } from "./data/message-repository.ts";
import type { AfterSale } from "./domain/after-sale-model.ts";

const permission = "after-sales:write";

/** A buyer's own ones, those to the merchants that the caller works for, or all for staff. */
export function visibleTo(caller: Caller): Visibility {
  if (may(caller, permission)) return "all";
  if (caller.kind !== "user") return {};
  return { customerId: caller.userId, merchantIds: merchantsWith(caller, permission) };
}

/** Those to the merchants that the caller works for, or all for staff. */
export function answerableBy(caller: Caller): Visibility {
  const merchantIds = merchantFilter(caller, permission);
  return merchantIds ? { merchantIds } : "all";
}

export function sideOf(caller: Caller, { customerId, merchantId }: AfterSale): Author {
  if (caller.kind === "user" && caller.userId === customerId) return "buyer";
  const ofMerchant = merchantId !== null && merchantsWith(caller, permission).includes(merchantId);
  return ofMerchant ? "merchant" : "staff";
}

/** @throws ShopError `forbidden` for the buyer, who may work for the merchant or the mall */
export function assertNotOwn(caller: Caller, afterSale: AfterSale): void {
  if (sideOf(caller, afterSale) === "buyer")
    throw new ShopError("forbidden", "Nobody answers their own request");
}
