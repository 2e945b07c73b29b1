import { toTimestamp } from "../../contract/fields.ts";
import { newSigningKey } from "../new-signing-key.ts";
import { action } from "../users.dependencies.ts";

/**
 * Takes a key away that someone else may have. What it signed is refused at once; a new key is made in the same
 * transaction, so that there always is one and no name of a key comes again.
 */
export const withdrawSigningKey = action("users.signing-keys.withdraw", async (context, { signingKeys, tokens }) => {
  const { params, now, transaction, fail } = context;
  const successor = await newSigningKey(await signingKeys.all(), now);
  await transaction(async (tx) => {
    if (!(await signingKeys.remove(params.kid, tx))) throw fail("not-found");
    tx.publish("users.signing-key-withdrawn", { kid: params.kid });
    if (await signingKeys.add(successor, tx)) tx.publish("users.signing-key-added", { kid: successor.kid });
  });
  tokens.heardOf([]);
  return { kid: params.kid, successor: successor.kid, withdrawnAt: toTimestamp(now) };
});
