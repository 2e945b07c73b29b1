import type { Service, ServiceBroker, ServiceSchema } from "moleculer";
import moleculer from "moleculer";
import { z } from "zod";
import { ConfigError } from "../../../config/index.ts";
import { invalidationEvents } from "../../cache/invalidation.ts";
import type { KeyCaller } from "../../contract/caller.ts";
import type { Permission } from "../../contract/permissions.ts";
import { permissions } from "../../contract/permissions.ts";
import { withChannels } from "../../events/channels.ts";
import { define, definitionOf } from "../definition.ts";
import { carried } from "./params-validator.ts";
import { merged, plainContract } from "./plain-contract.ts";

/** A running service that was written as a plain Moleculer schema. */
export interface PlainService extends Service {
  /** Its own identity; pass it as `meta.caller` in calls without a context. */
  identity: KeyCaller;
}

const made = new WeakMap<ServiceSchema, ServiceSchema>();

/**
 * Turns a plain schema into a service of the shop: identity, routes for `rest`, durable events for
 * `channels`. Returns schemas with a contract unchanged.
 *
 * @throws ConfigError when the schema asks for something unsupported
 */
export function asShopService(schema: ServiceSchema): ServiceSchema {
  if (definitionOf(schema)) return schema;
  const known = made.get(schema) ?? shopService(schema);
  made.set(schema, known);
  return known;
}

/** The broker's service factory: converts every schema, however it was loaded. */
export class ShopServiceFactory extends moleculer.Service {
  constructor(broker: ServiceBroker, schema?: Partial<ServiceSchema>) {
    super(broker, schema && asShopService(schema as ServiceSchema));
  }
}

function shopService(schema: ServiceSchema): ServiceSchema {
  const { name } = schema;
  const identity: KeyCaller = { kind: "key", keyId: name, service: name, permissions: grantedTo(schema) };
  const channels = merged(schema, "channels");
  const { contract, notRouted } = plainContract(schema, Object.keys(channels));
  const actions = Object.entries(schema.actions ?? {});
  const isCached = Object.values(merged(schema, "actions")).some(
    (action) => typeof action === "object" && action !== null && "cache" in action,
  );
  const complete: ServiceSchema = {
    ...schema,
    ...(schema.actions
      ? { actions: Object.fromEntries(actions.map(([key, action]) => [key, withCarriedParams(action)])) }
      : {}),
    ...(isCached ? { events: { ...schema.events, ...invalidationEvents } } : {}),
    created: [
      function created(this: Service) {
        (this as PlainService).identity = identity;
        for (const line of notRouted) this.logger.warn(line);
      },
      ...[schema.created ?? []].flat(),
    ],
  };
  const isKnownOutside = Object.keys(contract.actions).length > 0 || contract.consumes.length > 0;
  if (Object.keys(channels).length > 0) return withChannels(complete, contract, channels);
  return isKnownOutside ? define(complete, { contract }) : complete;
}

type Action = NonNullable<ServiceSchema["actions"]>[string];

function withCarriedParams(action: Action): Action {
  if (typeof action !== "object" || !(action.params instanceof z.core.$ZodType)) return action;
  return { ...action, params: { ...carried(action.params) } };
}

/** @throws ConfigError when the settings grant an unknown permission */
function grantedTo({ name, settings }: ServiceSchema): Permission[] {
  const { permissions: granted = [] } = (settings ?? {}) as { permissions?: readonly string[] };
  const isPermission = (permission: string): permission is Permission =>
    Object.hasOwn(permissions, permission);
  const unknown = granted.find((permission) => !isPermission(permission));
  if (unknown === undefined) return granted.filter(isPermission);
  throw new ConfigError(
    `${name}: settings.permissions: there is no ${unknown}: ${Object.keys(permissions).join(", ")}`,
  );
}
