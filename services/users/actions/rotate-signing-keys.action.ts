import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { leadMs, pendingOf } from "../domain/signing-keys.ts";
import { newSigningKey } from "../new-signing-key.ts";
import { action } from "../users.dependencies.ts";

/** Creates the next key now, unless one waits for its first signature: calls within a minute create one. */
export const rotateSigningKeysNow = action("users.signing-keys.rotate", async (context, { signingKeys }) => {
  const { now, transaction } = context;
  const keys = await signingKeys.all();
  const pending = pendingOf(keys, now);
  if (pending) return { kid: pending.kid, signsFrom: toTimestamp(pending.createdAt + leadMs) };
  const next = await newSigningKey(keys, now);
  await transaction(async (tx) => {
    if (await signingKeys.add(next, tx)) tx.publish("users.signing-key-added", { kid: next.kid });
  });
  return { kid: next.kid, signsFrom: toTimestamp(now + leadMs) };
});
