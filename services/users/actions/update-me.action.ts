import { ShopError } from "../../../mixins/contract/errors.ts";
import { presentOwnUser } from "../present.ts";
import { action } from "../users.dependencies.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";
import type { Locales } from "../../../mixins/locales/locales.ts";

export const updateMe = action("users.me.update", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { users, roles, imagePresenter, locales } = dependencies;
  const { expectedVersion: _version, locale, ...given } = params;
  const known = locale === undefined ? {} : { locale: locale && shopLocale(locale, locales) };
  return transaction(async (tx) => {
    const user = await users.byId(caller.userId, tx);
    if (!user) throw fail("not-found");
    assertVersion(user, params);
    const changed = { ...user, ...given, ...known, version: user.version + 1, updatedAt: now };
    if (!(await users.update(changed, tx))) throw fail("precondition-failed");
    const { keepsHistory } = changed;
    if (keepsHistory !== user.keepsHistory)
      tx.publish("users.history-setting-changed", { userId: user.id, keepsHistory });
    return presentOwnUser(changed, await roles.permissionsOf(user.role, tx), imagePresenter);
  });
});

/** @throws ShopError `validation-failed` for a language that the shop does not have */
function shopLocale(tag: string, locales: Locales): string {
  const named = locales.named(tag);
  if (named !== undefined) return named;
  const message = `is none of the shop's languages: ${locales.all.join(", ")}`;
  throw new ShopError("validation-failed", undefined, {
    errors: [{ path: "locale", code: "invalid-value", message }],
  });
}
