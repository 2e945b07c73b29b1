import type { Result } from "../../mixins/contract/calls.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import type { Delivery } from "./data/delivery-repository.ts";
import type { Endpoint } from "./data/endpoint-repository.ts";
import type { Attempt } from "./domain/outcome.ts";

export function presentWebhook(endpoint: Endpoint, now: number): Result<"webhooks.get"> {
  const { id, url, description, events, enabled, ordered, disabledReason, version, previousUntil } = endpoint;
  return {
    id,
    url,
    description,
    events: [...events],
    enabled,
    ordered,
    disabledReason,
    failingSince: moment(endpoint.failingSince),
    previousSecretUntil: previousUntil !== null && previousUntil > now ? toTimestamp(previousUntil) : null,
    version,
    createdAt: toTimestamp(endpoint.createdAt),
    updatedAt: toTimestamp(endpoint.updatedAt),
  };
}

/** What the audit trail says of a webhook. */
export function webhookState({ url, description, events, enabled, ordered }: Endpoint) {
  return { url, description, events: [...events], enabled, ordered };
}

export function presentDelivery(delivery: Delivery): Result<"webhooks.deliveries.retry"> {
  const { id, endpointId, eventId, type, status, attempts, dueAt, createdAt, endedAt } = delivery;
  return {
    id,
    webhookId: endpointId,
    eventId,
    type,
    status,
    attempts,
    nextAttemptAt: status === "waiting" ? toTimestamp(dueAt) : null,
    createdAt: toTimestamp(createdAt),
    endedAt: moment(endedAt),
  };
}

export function presentAttempt({ at, durationMs, status, error, response }: Attempt) {
  return { at: toTimestamp(at), durationMs, status, error, response };
}

function moment(milliseconds: number | null): string | null {
  return milliseconds === null ? null : toTimestamp(milliseconds);
}
