import { ShopError } from "../../mixins/contract/errors.ts";
import type { MerchantRole } from "../../mixins/contract/permissions.ts";
import type { Tx } from "../../mixins/database/database.ts";
import type { Member } from "./data/member-repository.ts";
import type { Merchant } from "./data/merchant-repository.ts";
import { isFinal } from "./domain/merchant.ts";
import type { MerchantsDependencies } from "./merchants.dependencies.ts";

/**
 * Gives a member of a locked merchant another role, or none. At least one owner stays while the merchant's
 * life goes on.
 *
 * @param role null to end the membership
 * @throws ShopError `illegal-transition` for the last owner
 */
export async function changeMember(
  merchant: Merchant,
  member: Member,
  role: MerchantRole | null,
  tx: Tx,
  { members, userCounts }: Pick<MerchantsDependencies, "members" | "userCounts">,
): Promise<void> {
  if (member.role === "owner" && role !== "owner" && !isFinal(merchant.status)) {
    const { owners } = await members.count(merchant.id, tx);
    if (owners <= 1)
      throw new ShopError("illegal-transition", "The last owner stays; make another member owner first", {
        from: "owner",
      });
  }
  await saveMember({ ...member, role }, tx, { members, userCounts });
}

/** Saves a membership's new role, counts one that ended, and tells others. */
export async function saveMember(
  { email, version: before, ...member }: Member,
  tx: Tx,
  { members, userCounts }: Pick<MerchantsDependencies, "members" | "userCounts">,
): Promise<void> {
  const { merchantId, userId, role } = member;
  const version = before + 1;
  await members.put({ ...member, email: role === null ? null : email, version }, tx);
  if (role === null) await userCounts.subtract(userId, "memberships", tx);
  tx.publish("merchants.member-changed", { merchantId, userId, role, version });
}
