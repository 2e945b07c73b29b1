import { createRequire } from "node:module";
import type { ConfirmChannel } from "amqplib";
import { Database } from "../../mixins/database/database.ts";
import { ReservationRepository } from "../../services/catalog/data/reservation-repository.ts";
import { StockRepository } from "../../services/catalog/data/stock-repository.ts";
import { CheckoutRepository } from "../../services/orders/data/checkout-repository.ts";
import { OrderRepository } from "../../services/orders/data/order-repository.ts";

/** Restores a method. */
type Restore = () => void;

/**
 * Mutations by protection: each replaces methods or rewrites statements that keep the shop correct under
 * concurrency and faults. A test shows the damage, and that `npm run verify` finds it.
 */
const removals = {
  /** Reserve only available stock. */
  "stock-condition": () => [
    replace(
      StockRepository.prototype,
      "lock",
      (lock) =>
        async function (this: StockRepository, variantIds, tx) {
          const accounts = await lock.call(this, variantIds, tx);
          return accounts.map((account) => ({ ...account, onHand: Number.MAX_SAFE_INTEGER }));
        },
    ),
    rewriteChanges("AND on_hand - ? >= 0", "AND ? IS NOT NULL"),
  ],
  /** Look up a checkout's idempotency key before use. */
  "idempotency-key": () => [
    replace(CheckoutRepository.prototype, "byKey", () => () => Promise.resolve(undefined)),
  ],
  /** Change orders under a lock and with optimistic locking. */
  "order-version": () => [
    replace(
      OrderRepository.prototype,
      "lock",
      () =>
        function (this: OrderRepository, id, owner, tx) {
          return this.byId(id, owner, tx);
        },
    ),
    rewriteChanges(/(?<=^UPDATE orders SET .* AND version) = \?$/, " >= ?"),
  ],
  /** Skip consumed events. */
  inbox: () => [
    replace(
      Database.prototype,
      "insertIfAbsent",
      (insertIfAbsent) =>
        async function (this: Database, table, row, tx) {
          return (await insertIfAbsent.call(this, table, row, tx)) || table === "inbox";
        },
    ),
    replace(
      Database.prototype,
      "select",
      (select) =>
        async function (this: Database, sql, values, tx) {
          return sql.endsWith("FROM inbox WHERE event_id IN (?)") ? [] : select.call(this, sql, values, tx);
        } as typeof select,
    ),
    replace(
      Database.prototype,
      "execute",
      (execute) =>
        async function (this: Database, sql, values, tx) {
          if (!sql.startsWith("INSERT INTO inbox ")) return execute.call(this, sql, values, tx);
          for (let index = 0; index < values.length; index += 2)
            await this.insertIfAbsent(
              "inbox",
              { event_id: values[index] ?? null, received_at: values[index + 1] ?? null },
              tx,
            );
          return values.length / 2;
        },
    ),
  ],
  /** Settle expired leases. */
  "lease-expiry": () => [
    replace(ReservationRepository.prototype, "overdue", () => () => Promise.resolve([])),
  ],
  /** Remove events from the outbox only after RabbitMQ's confirm. */
  "publisher-confirms": () => [
    replace(
      confirmChannel,
      "publish",
      (publish) =>
        function (this: ConfirmChannel, exchange, key, content, options, confirmed) {
          queueMicrotask(() => confirmed?.(null, {}));
          return publish.call(this, exchange, key, content, {
            ...options,
            persistent: false,
            mandatory: false,
          });
        },
    ),
  ],
} satisfies Record<string, () => Restore[]>;

export type Protection = keyof typeof removals;

/**
 * Disables a protection in this process.
 *
 * @returns a function that restores it
 */
export function removeProtection(name: Protection): Restore {
  const restores = removals[name]();
  return () => restores.forEach((restore) => restore());
}

/** Of amqplib, which exports no classes. */
const { prototype: confirmChannel } = (
  createRequire(import.meta.url)("amqplib/lib/channel_model.js") as {
    ConfirmChannel: { prototype: ConfirmChannel };
  }
).ConfirmChannel;

function replace<T extends object, K extends keyof T>(
  prototype: T,
  name: K,
  by: (original: T[K]) => T[K],
): Restore {
  const original = prototype[name];
  prototype[name] = by(original);
  return () => {
    prototype[name] = original;
  };
}

function rewriteChanges(found: string | RegExp, replacement: string): Restore {
  return replace(
    Database.prototype,
    "execute",
    (execute) =>
      function (this: Database, sql, values, tx) {
        return execute.call(this, sql.replace(found, replacement), values, tx);
      },
  );
}
