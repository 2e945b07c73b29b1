import type { EventContract } from "../../mixins/contract/contract.ts";
import { publicEventsByName } from "../../mixins/contract/registry.ts";
import { batchConsumersOf } from "../../mixins/events/consumer.ts";
import { actionsOf } from "../../mixins/service/action-runtime.ts";
import { contractsOf } from "../../mixins/service/config-of.ts";
import type { ServiceEnvironment } from "../../mixins/service/define-service.ts";
import { jobsOf } from "../../mixins/service/jobs.ts";
import { secretBox } from "../../mixins/support/secrets-key.ts";
import { DeliveryQueue } from "./data/delivery-queue.ts";
import { DeliveryRepository } from "./data/delivery-repository.ts";
import { EndpointRepository } from "./data/endpoint-repository.ts";
import { Purge } from "./data/purge.ts";
import { DeliverySender } from "./sending/delivery-sender.ts";
import type { Destinations, SendingRules } from "./sending/post-event.ts";
import { rulesOf } from "./sending/post-event.ts";

/** Dependencies of this service's handlers. */
export interface WebhooksDependencies {
  readonly endpoints: EndpointRepository;
  readonly deliveries: DeliveryRepository;
  readonly purge: Purge;
  readonly sender: DeliverySender;
  /** Contracts of the events that other systems may learn of, by name. */
  readonly publicEvents: ReadonlyMap<string, EventContract>;
  readonly destinations: Destinations;
  readonly rules: SendingRules;
  /** Retention of events and deliveries (ms). */
  readonly retentionMs: number;
}

export async function webhooksDependencies({
  broker,
  config,
  database,
  log,
}: ServiceEnvironment): Promise<WebhooksDependencies> {
  const { destinations, retentionMs } = config.webhooks;
  const endpoints = new EndpointRepository(database, await secretBox(config));
  const rules = rulesOf(destinations);
  return {
    endpoints,
    deliveries: new DeliveryRepository(database),
    purge: new Purge(database),
    sender: new DeliverySender({ database, endpoints, queue: new DeliveryQueue(database), log, rules }),
    publicEvents: publicEventsByName(contractsOf(broker)),
    destinations,
    rules,
    retentionMs,
  };
}

export const action = actionsOf<WebhooksDependencies>();
export const onBatch = batchConsumersOf<WebhooksDependencies>();
export const job = jobsOf<WebhooksDependencies>();
