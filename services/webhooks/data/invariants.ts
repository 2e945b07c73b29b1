import type { Config } from "../../../config/index.ts";
import type { Database } from "../../../mixins/database/database.ts";
import type { Invariant, Scope, ViolatingRow } from "../../../mixins/database/invariant.ts";
import { notListed, scopeCondition } from "../../../mixins/database/invariant.ts";
import { outboxInvariants } from "../../../mixins/events/event-invariants.ts";
import { knownSecretBox } from "../../../mixins/support/secrets-key.ts";
import { deliveryStatuses } from "../contract/fields.ts";
import { disabledReasons } from "../domain/outcome.ts";
import { isSigningSecret } from "../domain/signature.ts";
import { secretPurpose } from "./endpoint-repository.ts";

const endpoints = { table: "endpoints", key: "id" } as const;
const deliveries = { table: "deliveries", key: "id" } as const;
const isSuccess = "a.status >= 200 AND a.status < 300";

/** Invariants of this service's data. */
export const invariants: readonly Invariant[] = [
  {
    code: "webhooks.endpoints",
    says: "Every webhook has a URL and a filter, a known reason only while it is disabled, and an end of its previous secret exactly if there is one",
    subject: endpoints,
    broken: `SELECT w.id AS webhookId, w.enabled, w.disabled_reason AS reason FROM endpoints w
             WHERE {page w.id} AND (w.url NOT LIKE 'http%' OR w.events NOT LIKE '[_%]'
               OR (w.disabled_reason IS NOT NULL AND (w.enabled = 1 OR ${notListed("w.disabled_reason", disabledReasons)}))
               OR (w.removed_at IS NOT NULL AND w.enabled = 1)
               OR (w.previous_secret IS NULL) <> (w.previous_until IS NULL))`,
  },
  {
    code: "webhooks.secrets",
    says: "Every secret of a webhook decrypts with its key, and is one of Standard Webhooks",
    subject: endpoints,
    broken: {
      inPage: (database, scope, { config }) => unreadableSecrets(database, scope, config),
    },
  },
  {
    code: "webhooks.deliveries",
    says: "Every delivery has a webhook, and an event of its type",
    subject: deliveries,
    broken: `SELECT d.id AS deliveryId, d.endpoint_id AS webhookId, d.event_id AS eventId, d.type FROM deliveries d
             LEFT JOIN endpoints w ON w.id = d.endpoint_id LEFT JOIN events e ON e.id = d.event_id
             WHERE {page d.id} AND (w.id IS NULL OR e.id IS NULL OR e.type <> d.type)`,
  },
  {
    code: "webhooks.outcomes",
    says: "Every delivery is of a known status, has an end exactly when it does not wait, and ended with a success exactly when it was delivered",
    subject: deliveries,
    broken: `SELECT d.id AS deliveryId, d.status, d.attempts FROM deliveries d
             LEFT JOIN attempts a ON a.delivery_id = d.id AND a.number = d.attempts
             WHERE {page d.id} AND (${notListed("d.status", deliveryStatuses)}
               OR (d.status = 'waiting') <> (d.ended_at IS NULL) OR (d.status <> 'waiting' AND d.claim IS NOT NULL)
               OR (d.status = 'delivered' AND (a.number IS NULL OR a.status IS NULL OR NOT (${isSuccess})))
               OR (d.status = 'failed' AND (a.number IS NULL OR (${isSuccess}))))`,
  },
  {
    code: "webhooks.attempts",
    says: "Every delivery has as many attempts in its log as it counts, and each met a response or an error",
    subject: deliveries,
    broken: `SELECT x.* FROM (
               SELECT d.id AS deliveryId, d.attempts, d.failures,
                 (SELECT COUNT(*) FROM attempts a WHERE a.delivery_id = d.id) AS logged,
                 (SELECT COUNT(*) FROM attempts a WHERE a.delivery_id = d.id
                    AND (a.number > d.attempts OR (a.status IS NULL) = (a.error IS NULL))) AS wrong
               FROM deliveries d WHERE {page d.id}
             ) x WHERE x.attempts <> x.logged OR x.wrong > 0 OR x.failures < 0 OR x.failures > x.attempts`,
  },
  ...outboxInvariants,
];

async function unreadableSecrets(database: Database, scope: Scope, config: Config): Promise<ViolatingRow[]> {
  const box = await knownSecretBox(config);
  if (!box) return [];
  const { sql, values } = scopeCondition("id", scope);
  const rows = await database.select<{ id: string; secret: string; previous: string | null }>(
    `SELECT id, secret, previous_secret AS previous FROM endpoints WHERE ${sql}`,
    values,
  );
  const isReadable = (stored: string, id: string) => {
    try {
      return stored.startsWith("enc1:") && isSigningSecret(box.open(stored, secretPurpose(id)));
    } catch {
      return false;
    }
  };
  return rows
    .filter(
      ({ id, secret, previous }) =>
        !isReadable(secret, id) || (previous !== null && !isReadable(previous, id)),
    )
    .map(({ id }) => ({ webhookId: id }));
}
