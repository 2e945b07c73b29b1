import { isRotationDue, retired } from "../domain/signing-keys.ts";
import { newSigningKey } from "../new-signing-key.ts";
import { job } from "../users.dependencies.ts";

/**
 * Creates the next key when the newest one's lifetime is over, and removes keys without valid tokens.
 * Sessions continue: each key stays published while its tokens are valid.
 */
export const rotateSigningKeys = job({
  name: "rotate-signing-keys",
  once: "node",
  every: () => 60_000,
  async run({ now, transaction }, { signingKeys, signingKeyLifeMs, tokens }) {
    const keys = await signingKeys.all();
    if (isRotationDue(keys, signingKeyLifeMs, now)) {
      const next = await newSigningKey(keys, now);
      await transaction(async (tx) => {
        if (await signingKeys.add(next, tx)) tx.publish("users.signing-key-added", { kid: next.kid });
      });
    }
    for (const { kid } of retired(keys, tokens.accessMs, now))
      await transaction(async (tx) => {
        if (await signingKeys.remove(kid, tx)) tx.publish("users.signing-key-retired", { kid });
      });
  },
});
