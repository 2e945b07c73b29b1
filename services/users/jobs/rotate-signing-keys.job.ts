import { isRotationDue, retired } from "../domain/signing-keys.ts";
import { newSigningKey } from "../new-signing-key.ts";
import { job } from "../users.dependencies.ts";

/**
 * Lets a new key follow when the newest one has served its time, and forgets those whose tokens have all expired.
 * Nobody is logged out: both are published as long as a token of either can be good.
 */
export const rotateSigningKeys = job({
  name: "rotate-signing-keys",
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
