import type { EventContract, ServiceContract } from "../../../mixins/contract/contract.ts";
import { eventsByName } from "../../../mixins/contract/registry.ts";
import type { Json, JsonObject } from "./json-schemas.ts";
import { Schemas } from "./json-schemas.ts";

const timestampMs = { type: "integer", description: "Milliseconds since 1970 (UTC)" };

/** Generates the AsyncAPI 3 document of all durable events from the contracts. */
export function describeEvents(contracts: readonly ServiceContract[]): JsonObject {
  const schemas = new Schemas([]);
  const events = [...eventsByName(contracts)];
  const byName = (describe: (name: string, contract: EventContract) => Json): JsonObject =>
    Object.fromEntries(events.map(([name, contract]) => [name, describe(name, contract)]));
  const messages = byName((name, contract) => message(name, contract, schemas));
  return {
    asyncapi: "3.0.0",
    info: {
      title: "ShopServer",
      version: "1.0.0",
      description:
        "The shop's durable events, each of which takes effect exactly once at each consuming service. Webhooks send those with `x-webhook`, as `/openapi.json` describes.",
      tags: contracts
        .filter(({ events: own }) => Object.keys(own).length > 0)
        .map(({ name, summary }) => ({ name, description: summary })),
    },
    defaultContentType: "application/json",
    channels: byName((name, { summary }) => ({
      address: name,
      summary,
      messages: { event: { $ref: `#/components/messages/${name}` } },
    })),
    operations: byName((name, { summary, internal }) => ({
      action: "send",
      channel: { $ref: `#/channels/${name}` },
      summary,
      tags: [{ name: name.slice(0, name.indexOf(".")) }],
      messages: [{ $ref: `#/channels/${name}/messages/event` }],
      "x-webhook": !internal,
    })),
    components: { messages, schemas: schemas.components },
  };
}

function message(name: string, { summary, payload }: EventContract, schemas: Schemas): JsonObject {
  return {
    name,
    summary,
    payload: {
      type: "object",
      properties: {
        id: { type: "string", format: "uuid" },
        name: { const: name },
        occurredAt: timestampMs,
        actor: {
          type: "object",
          properties: {
            kind: { enum: ["user", "key", "guest", "system", "operator"] },
            id: { type: "string" },
          },
          required: ["kind"],
        },
        requestId: { type: "string", description: "Id of the request that caused it" },
        traceparent: { type: "string", description: "W3C Trace Context, if it is traced" },
        payload: schemas.result(payload),
      },
      required: ["id", "name", "occurredAt", "actor", "requestId", "payload"],
    },
  };
}
