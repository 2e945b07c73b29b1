import type { Service, ServiceSchema } from "moleculer";
import { ConfigError } from "../../config/index.ts";
import type { ServiceContract } from "../contract/contract.ts";
import type { EventName } from "../contract/calls.ts";
import type { Tx } from "../database/database.ts";
import type { ServiceWithDatabase } from "../database/database.mixin.ts";
import { databaseMixin } from "../database/database.mixin.ts";
import type { Migration } from "../database/migrate.ts";
import { define } from "../service/definition.ts";
import type { RunningJobs } from "../service/jobs.ts";
import { startJobs } from "../service/jobs.ts";
import type { Consumer } from "./consumer.ts";
import type { DurableEvents } from "./durable-events.ts";
import { startEvents } from "./durable-events.ts";
import type { EventEnvelope } from "./envelope.ts";
import { createInboxTable } from "./inbox-table.ts";
import { purgeInbox } from "./purge-inbox.ts";

/** A plain service's handler of a durable event: payload and message, as in @moleculer/channels. */
type ChannelHandler = (this: Service, payload: unknown, event: EventEnvelope, tx: Tx) => unknown;

interface ServiceWithChannels extends ServiceWithDatabase {
  durableEvents: DurableEvents;
  runningJobs: RunningJobs;
}

const inbox: Migration = {
  name: "0000-inbox",
  up: createInboxTable,
  down: (query) => query.dropTable("inbox"),
};

/**
 * Subscribes the `channels` of a plain schema to durable events. Adds a database (`this.database`) with an
 * inbox: writes through `tx` take effect exactly once, other effects at least once, because a failed handler
 * is retried.
 *
 * @throws ConfigError when the service has another kind of database, or a channel has an unsupported key or
 *   event
 */
export function withChannels(
  schema: ServiceSchema & { migrations?: readonly Migration[]; adapter?: unknown },
  contract: ServiceContract,
  channels: Record<string, unknown>,
): ServiceSchema {
  const { name, adapter, mixins = [] } = schema;
  if (
    adapter !== undefined ||
    [mixins].flat().some((mixin) => mixin.name === "moleculer-db" || "adapter" in mixin)
  )
    throw new ConfigError(
      `${name}: channels bring a database of their own; put those, or its adapter, into another service`,
    );
  const handlers = Object.entries(channels).map(
    ([event, channel]) => [event, handlerOf(name, event, channel)] as const,
  );
  const migrations = [inbox, ...(schema.migrations ?? [])];
  const complete: ServiceSchema = {
    ...schema,
    mixins: [...[mixins].flat(), databaseMixin(migrations)],
    started: [
      ...[schema.started ?? []].flat(),
      async function startChannels(this: Service) {
        const service = this as ServiceWithChannels;
        const consumers = handlers.map(([event, handler]): Consumer<Service> => ({
          events: [event as EventName],
          handle: async (envelope, tx) => void (await handler.call(service, envelope.payload, envelope, tx)),
        }));
        service.durableEvents = await startEvents(service, contract, consumers, service);
        service.runningJobs = startJobs(service, [purgeInbox<Service>(service)], service);
      },
    ],
    stopped: [
      async function stopChannels(this: Service) {
        const service = this as Partial<ServiceWithChannels>;
        await service.runningJobs?.stop();
        await service.durableEvents?.stop();
      },
      ...[schema.stopped ?? []].flat(),
    ],
  };
  return define(complete, { contract, migrations });
}

function handlerOf(service: string, event: string, channel: unknown): ChannelHandler {
  if (typeof channel === "function") return channel as ChannelHandler;
  const { handler } = (channel ?? {}) as { handler?: unknown };
  const others = Object.keys(channel ?? {}).filter((key) => key !== "handler");
  if (typeof handler !== "function" || others.length > 0)
    throw new ConfigError(
      `${service}: channels: ${event} takes a function, or { handler }${others.map((key) => `, and no ${key}`).join("")}`,
    );
  return handler as ChannelHandler;
}
