import { createRequire } from "node:module";
import { expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { eventsByName, publicEventsByName } from "../../../mixins/contract/registry.ts";
import { describeEvents } from "../../../services/api/openapi/asyncapi.ts";
import { describeApi } from "../../../services/api/openapi/openapi.ts";
import { endpointsOf } from "../../../services/api/routing/endpoints.ts";
import { allContracts } from "../../support/all-contracts.ts";

interface Operations {
  readonly operations: Record<string, { "x-webhook": boolean }>;
}
interface Webhooks {
  readonly webhooks: Record<
    string,
    {
      post: {
        requestBody: {
          content: Record<
            string,
            { schema: { properties: { data: { properties: object; required: string[] } } } }
          >;
        };
      };
    }
  >;
}

const names = [...eventsByName(allContracts).keys()];
const publicNames = [...publicEventsByName(allContracts).keys()];
const text = JSON.stringify(describeEvents(allContracts));

test("the description of events is AsyncAPI 3", () => {
  const schema = createRequire(import.meta.url)("@asyncapi/specs/schemas/3.0.0.json") as object;
  // The schema contains the meta-schema itself.
  const ajv = new Ajv({ strict: false, meta: false, validateSchema: false, unicodeRegExp: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  validate(JSON.parse(text));
  expect(validate.errors ?? []).toEqual([]);
});

test("it has every durable event, and says which of them webhooks send", () => {
  const { operations } = JSON.parse(text) as Operations;
  expect(Object.keys(operations).sort()).toEqual(names.sort());
  const sent = Object.entries(operations).filter(([, operation]) => operation["x-webhook"]);
  expect(sent.map(([name]) => name).sort()).toEqual(publicNames.toSorted());
});

test("its references lead somewhere, and each of its schemas is used", () => {
  const used = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = ""]) => reference));
  const document: unknown = JSON.parse(text);
  const at = (reference: string) =>
    reference
      .slice(2)
      .split("/")
      .reduce((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
  expect([...used].filter((reference) => at(reference) === undefined)).toEqual([]);
});

test("the API's description has a webhook for each public event, without confidential fields", () => {
  const endpoints = endpointsOf(allContracts);
  const { webhooks } = JSON.parse(JSON.stringify(describeApi(allContracts, endpoints, ["en"]))) as Webhooks;
  expect(Object.keys(webhooks).sort()).toEqual(publicNames.toSorted());
  const { data } =
    webhooks["users.registered"]?.post.requestBody.content["application/json"]?.schema.properties ?? {};
  expect(Object.keys(data?.properties ?? {})).toEqual(["userId"]);
  expect(data?.required).toEqual(["userId"]);
  const without = describeApi(
    allContracts.filter(({ name }) => name !== "webhooks"),
    [],
    ["en"],
  );
  expect(without).not.toHaveProperty("webhooks");
});
