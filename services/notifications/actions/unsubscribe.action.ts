import { readToken } from "../domain/unsubscribe-token.ts";
import { action } from "../notifications.dependencies.ts";

/** Switches off the mail of one kind for the customer whom the link's mail was for. Repeating it changes nothing. */
export const unsubscribe = action(
  "notifications.unsubscribe",
  async ({ params, now, transaction, fail }, { preferences, unsubscribeKeys }) => {
    const key = await unsubscribeKeys.find();
    const link = key && readToken(key, params.token ?? "");
    if (!link) throw fail("not-found");
    const { customerId, kind } = link;
    await transaction(async (tx) => {
      const before = await preferences.lock(customerId, now, tx);
      const choices = { ...before.choices, [kind]: { ...before.choices[kind], mail: false } };
      await preferences.save(customerId, { ...before, choices }, now, tx);
    });
    return null;
  },
);
