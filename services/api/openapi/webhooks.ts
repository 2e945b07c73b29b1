import type { EventContract, ServiceContract } from "../../../mixins/contract/contract.ts";
import { publicEventsByName } from "../../../mixins/contract/registry.ts";
import type { Json, JsonObject, Schemas } from "./json-schemas.ts";

/** The service that sends them. */
const sender = "webhooks";

/** The `webhooks` of the OpenAPI document: one for each event that other systems may learn of. */
export function describeWebhooks(contracts: readonly ServiceContract[], schemas: Schemas): JsonObject {
  if (!contracts.some(({ name }) => name === sender)) return {};
  const described = [...publicEventsByName(contracts)].map(([name, contract]): [string, Json] => [
    name,
    { post: request(name, contract, schemas) },
  ]);
  return { webhooks: Object.fromEntries(described) };
}

function request(name: string, contract: EventContract, schemas: Schemas): JsonObject {
  const schema = {
    type: "object",
    properties: {
      type: { const: name },
      timestamp: { type: "string", format: "date-time", description: "When it happened" },
      data: dataSchema(contract, schemas),
    },
    required: ["type", "timestamp", "data"],
  };
  return {
    operationId: `webhook.${name}`,
    tags: [sender],
    summary: contract.summary,
    security: [],
    parameters: headers,
    requestBody: { required: true, content: { "application/json": { schema } } },
    responses: {
      "2XX": { description: "Received; anything else is sent again later" },
      "410": { description: "Nothing more is wanted: the webhook is disabled" },
    },
  };
}

const header = (name: string, description: string): JsonObject => ({
  name,
  in: "header",
  required: true,
  description,
  schema: { type: "string" },
});

const headers: readonly Json[] = [
  header("webhook-id", "Id of the event, the same for each attempt: ignore what you have received before"),
  header("webhook-timestamp", "Seconds since 1970 of the attempt"),
  header(
    "webhook-signature",
    "`v1,` and the HMAC-SHA-256 of `<webhook-id>.<webhook-timestamp>.<body>` in Base64; several are separated by spaces",
  ),
];

/** The payload without what is confidential. Fields may be added to it in later versions. */
function dataSchema({ payload, confidential = [] }: EventContract, schemas: Schemas): JsonObject {
  const { additionalProperties: _closed, properties = {}, required = [], ...rest } = schemas.result(payload);
  const sent = ([name]: readonly [string, Json]) => !confidential.includes(name);
  return {
    ...rest,
    properties: Object.fromEntries(Object.entries(properties as JsonObject).filter(sent)),
    required: (required as readonly string[]).filter((name) => !confidential.includes(name)),
  };
}
