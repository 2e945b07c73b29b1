import type { Tx } from "../../mixins/database/database.ts";
import type { User } from "./data/user-repository.ts";
import { requestMail } from "./mail/request-mail.ts";
import type { UsersDependencies } from "./users.dependencies.ts";

/**
 * Revokes access from before the first verification of the address, since a stranger may have registered it.
 * Staff keep their second factor: a mailbox alone must not open their account, and other staff can disable
 * the factor.
 *
 * @returns the account without what must be removed with its next update
 */
export async function revokeRegistrantAccess(
  user: User,
  now: number,
  tx: Tx,
  { apiKeys, mails, roles, twoFactor }: UsersDependencies,
): Promise<User> {
  for (const keyId of await apiKeys.revokeAllOf(user.id, now, tx))
    tx.publish("users.api-key-revoked", { keyId });
  const withoutPhone = { ...user, phone: null, phoneVerifiedAt: null };
  if (user.phone !== null) {
    tx.publish("users.phone-changed", { userId: user.id, change: "removed" });
  }
  if ((await roles.permissionsOf(user.role, tx)).length > 0 || !(await twoFactor.remove(user.id, tx)))
    return withoutPhone;
  tx.publish("users.two-factor-changed", { userId: user.id, enabled: false });
  await requestMail(mails, { kind: "two-factor-off", recipient: user.email, userId: user.id }, now, tx);
  return withoutPhone;
}
