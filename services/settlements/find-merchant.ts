import type { Caller } from "../../mixins/contract/caller.ts";
import { merchantFilter } from "../../mixins/contract/caller.ts";
import { ShopError } from "../../mixins/contract/errors.ts";
import type { Permission } from "../../mixins/contract/permissions.ts";
import type { MerchantBalance } from "./data/ledger-repository.ts";
import type { SettlementsDependencies } from "./settlements.dependencies.ts";

/**
 * The merchant, if the caller may work for it.
 *
 * @throws ShopError `not-found`
 */
export async function findMerchant(
  merchantId: string,
  permission: Permission,
  caller: Caller,
  { ledger }: Pick<SettlementsDependencies, "ledger">,
): Promise<MerchantBalance> {
  const own = merchantFilter(caller, permission);
  const merchant = own?.includes(merchantId) === false ? undefined : await ledger.merchant(merchantId);
  if (!merchant) throw new ShopError("not-found");
  return merchant;
}
