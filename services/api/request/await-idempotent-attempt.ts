import { setTimeout as sleep } from "node:timers/promises";
import { isShopError } from "../../../mixins/contract/errors.ts";

/** Longer than an ordinary request takes. */
const maxWaitMs = 2000;
const initialPauseMs = 50;

/**
 * Waits up to 2 s while another attempt with the same idempotency key is in flight, e.g. after nginx resent a
 * request whose gateway died.
 *
 * @throws ShopError `idempotency-in-flight` when that attempt takes longer
 */
export async function awaitIdempotentAttempt<T>(call: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + maxWaitMs;
  for (let pause = initialPauseMs; ; pause *= 2) {
    try {
      return await call();
    } catch (error) {
      if (!isShopError(error, "idempotency-in-flight") || performance.now() + pause > deadline) throw error;
      await sleep(pause);
    }
  }
}
