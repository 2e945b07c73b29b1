import type { Result } from "../../../mixins/contract/calls.ts";
import type { JobContext } from "../../../mixins/service/jobs.ts";
import type { Delivery } from "../data/delivery-repository.ts";
import type { Preferences } from "../domain/preferences.ts";
import { noPreferences } from "../domain/preferences.ts";
import type { NotificationsDependencies } from "../notifications.dependencies.ts";

/** Where a recipient is reached now. */
export interface Addressee {
  readonly name: string;
  readonly email: string | null;
  /** Verified, E.164. */
  readonly phone: string | null;
  /** BCP 47 tag of theirs; null for the shop's default. */
  readonly locale: string | null;
  readonly preferences: Preferences;
}

type Account = Result<"users.recipients.lookup">[number];

/**
 * Addresses, languages and preferences as they are now, by one call and one query for all.
 *
 * @returns by delivery; undefined for accounts that are gone or disabled
 */
export async function addresseesOf(
  deliveries: readonly Delivery[],
  { call }: JobContext,
  { preferences }: NotificationsDependencies,
): Promise<(delivery: Delivery) => Addressee | undefined> {
  const ids = new Set<string>();
  for (const { recipient } of deliveries) if (recipient.customerId !== null) ids.add(recipient.customerId);
  const known = ids.size === 0 ? [] : await call("users.recipients.lookup", { ids: [...ids] });
  const accounts = new Map<string, Account>(known.map((account) => [account.id, account]));
  const chosen = await preferences.ofMany([...ids]);
  return ({ recipient }) => {
    const { customerId, email, phone, locale } = recipient;
    if (customerId === null) return { name: "", email, phone, locale, preferences: noPreferences };
    const account = accounts.get(customerId);
    return (
      account && {
        name: account.name,
        email: account.email,
        phone: account.phone,
        locale: account.locale ?? locale,
        preferences: chosen.get(customerId) ?? noPreferences,
      }
    );
  };
}
