import { toTimestamp } from "../../contract/fields.ts";
import { leadMs } from "../domain/signing-keys.ts";
import { newSigningKey } from "../new-signing-key.ts";
import { action } from "../users.dependencies.ts";

/** Makes the next key now. Two at once make one. */
export const rotateSigningKeysNow = action("users.signing-keys.rotate", async (context, { signingKeys }) => {
  const { now, transaction } = context;
  const next = await newSigningKey(await signingKeys.all(), now);
  await transaction(async (tx) => {
    if (await signingKeys.add(next, tx)) tx.publish("users.signing-key-added", { kid: next.kid });
  });
  return { kid: next.kid, signsFrom: toTimestamp(now + leadMs) };
});
