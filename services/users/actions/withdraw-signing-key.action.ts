import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { newSigningKey } from "../new-signing-key.ts";
import { action } from "../users.dependencies.ts";

/**
 * Withdraws a compromised key; its tokens are rejected at once. Creates a new key in the same transaction, so
 * one always exists and key ids stay unique.
 */
export const withdrawSigningKey = action(
  "users.signing-keys.withdraw",
  async (context, { signingKeys, tokens }) => {
    const { params, now, transaction, fail } = context;
    const successor = await newSigningKey(await signingKeys.all(), now);
    await transaction(async (tx) => {
      if (!(await signingKeys.remove(params.kid, tx))) throw fail("not-found");
      tx.publish("users.signing-key-withdrawn", { kid: params.kid });
      if (await signingKeys.add(successor, tx)) tx.publish("users.signing-key-added", { kid: successor.kid });
    });
    tokens.noteKids([]);
    return { kid: params.kid, successor: successor.kid, withdrawnAt: toTimestamp(now) };
  },
);
