import type { Tx } from "../../mixins/database/database.ts";
import { ShopError } from "../../mixins/contract/errors.ts";
import type { User } from "./data/user-repository.ts";
import { requestMail } from "./mail/request-mail.ts";
import type { UsersDependencies } from "./users.dependencies.ts";

/**
 * Gives an account a number that its owner has proved to receive messages at. An account that had it loses it:
 * carriers give numbers to new people, who could log in to the old account by a code otherwise.
 *
 * @returns the account with its number; undefined for one that is not active
 * @throws ShopError `unavailable` when another account takes the number at the same moment
 */
export async function claimPhone(
  phone: string,
  userId: string,
  now: number,
  tx: Tx,
  { users, mails }: UsersDependencies,
): Promise<User | undefined> {
  const holder = await users.byPhone(phone, tx);
  const locked = new Map<string, User | undefined>();
  // In a fixed order: two accounts that take each other's numbers do not deadlock.
  for (const id of [...new Set([userId, holder?.id ?? userId])].toSorted())
    locked.set(id, await users.lock(id, tx));
  const user = locked.get(userId);
  if (user?.status !== "active") return undefined;
  const former = holder && holder.id !== userId ? locked.get(holder.id) : undefined;
  if (former?.phone === phone) {
    await users.update(withPhone(former, null, now), tx);
    tx.publish("users.phone-changed", { userId: former.id, change: "moved" });
    await requestMail(mails, { kind: "phone-moved", recipient: former.email, userId: former.id }, now, tx);
  }
  const changed = withPhone(user, phone, now);
  if (!(await users.updateAddress(changed, tx))) throw new ShopError("unavailable");
  tx.publish("users.phone-changed", { userId, change: "verified" });
  return changed;
}

/** The account with another number, or none. */
export function withPhone(user: User, phone: string | null, now: number): User {
  const phoneVerifiedAt = phone === null ? null : now;
  return { ...user, phone, phoneVerifiedAt, version: user.version + 1, updatedAt: now };
}
