import type { Env } from "./env.ts";
import type { protections } from "./env.ts";
import { ConfigError } from "./env.ts";

/**
 * What keeps the shop right under concurrency and faults, so that a test can take one away and show that
 * `npm run check` finds the damage.
 *
 * - `stock-condition`: stock is reserved only where there is enough
 * - `idempotency-key`: a checkout's key is looked up before it is used
 * - `order-version`: an order changes under a lock, and only from the version that the change was decided on
 * - `inbox`: an event that was taken in before is passed over
 * - `lease-expiry`: a lease that ran out is settled
 * - `publisher-confirms`: an event leaves the outbox when RabbitMQ has confirmed that it is stored
 */
export type Protection = (typeof protections)[number];

/**
 * Which protections the shop is to work without: none, whatever is set by mistake.
 *
 * @throws ConfigError unless two settings ask for it, in a namespace in which no real shop runs
 */
export function withoutProtections(env: Env): readonly Protection[] {
  const names = env.TEST_WITHOUT_PROTECTIONS;
  if (names.length > 0 && !(env.TEST_SHOP_MAY_LOSE_DATA && env.NAMESPACE.startsWith("test-")))
    throw new ConfigError(
      "bad setting: TEST_WITHOUT_PROTECTIONS is for this project's tests: it needs TEST_SHOP_MAY_LOSE_DATA=true and a NAMESPACE that starts with test-",
    );
  return names;
}

/** Of this process and not of a node, so that the places that ask need nothing handed to them. */
let removed: ReadonlySet<Protection> = new Set();

/** From now on this process works without these, and with all others. */
export function removeProtections(names: readonly Protection[]): void {
  removed = new Set(names);
}

/** Always true, except in tests that take this protection away. */
export function isProtectedBy(protection: Protection): boolean {
  return !removed.has(protection);
}
