import { setTimeout as sleep } from "node:timers/promises";
import { isShopError } from "../contract/errors.ts";

/** Longer than an ordinary request takes. */
const patienceMs = 2000;
const askAgainMs = 50;

/**
 * Makes a call whose key may belong to a try that still runs: a proxy sends a request again as soon as the gateway that
 * had it is gone. What that try comes to is waited for, for a while.
 *
 * @throws ShopError `idempotency-in-flight` when it is not done by then
 */
export async function awaitFirstTry<T>(call: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + patienceMs;
  for (let pause = askAgainMs; ; pause *= 2) {
    try {
      return await call();
    } catch (error) {
      if (!isShopError(error, "idempotency-in-flight") || performance.now() + pause > giveUpAt) throw error;
      await sleep(pause);
    }
  }
}
