import { describe, expect, test } from "@jest/globals";
import { endpointsOf } from "../../../services/api/routing/endpoints.ts";
import { describeApi } from "../../../services/api/openapi/openapi.ts";
import { errorCatalogue } from "../../../mixins/contract/errors.ts";
import { allContracts } from "../../support/all-contracts.ts";

interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  security: object[];
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: { properties: Record<string, unknown> } }> };
  responses: Record<string, { description: string; content?: Record<string, unknown> }>;
  "x-permission"?: string;
}

const endpoints = endpointsOf(allContracts);
const text = JSON.stringify(describeApi(allContracts, endpoints, ["en"]));
const document = JSON.parse(text) as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);
const byId = (id: string) => operations.find(({ operation }) => operation.operationId === id)?.operation;

test("every route of the contracts is described once, and nothing else", () => {
  const ids = operations.map(({ operation }) => operation.operationId).sort();
  expect(ids).toEqual(endpoints.map(({ action }) => action).sort());
  expect(new Set(ids).size).toBe(ids.length);
});

test("every reference leads somewhere, and every component is used", () => {
  const used = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref));
  const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
  expect(used).toEqual(new Set(known));
  expect(text).not.toMatch(/\$defs|"\$schema"/);
});

test("no two paths differ in placeholder names only", () => {
  const forms = Object.keys(document.paths).map((path) => path.replace(/\{\w+\}/g, "{}"));
  expect(new Set(forms).size).toBe(forms.length);
});

describe.each(operations.map((operation) => [operation.operation.operationId, operation] as const))(
  "%s",
  (_id, { path, method, operation }) => {
    test("its path parameters are those of its path", () => {
      const inPath = operation.parameters.filter((parameter) => parameter.in === "path");
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(inPath.every(({ required }) => required)).toBe(true);
      const keys = operation.parameters.map(({ name, in: place }) => `${place}:${name}`);
      expect(new Set(keys).size).toBe(keys.length);
    });

    test("it has a summary, a known tag, one success, and problems with known codes", () => {
      expect(operation.summary).not.toBe("");
      expect(allContracts.map(({ name }) => name)).toEqual(expect.arrayContaining(operation.tags));
      expect(Object.keys(operation.responses).filter((status) => status.startsWith("2"))).toHaveLength(1);
      for (const [status, { description, content }] of Object.entries(operation.responses)) {
        if (Number(status) < 400) continue;
        expect(content).toHaveProperty(["application/problem+json"]);
        const codes = [...description.matchAll(/`([a-z-]+)`:/g)].map(
          ([, code]) => code as keyof typeof errorCatalogue,
        );
        expect(codes.map((code) => String(errorCatalogue[code].status))).toEqual(codes.map(() => status));
      }
      if (method === "get" || method === "delete") expect(operation.requestBody).toBeUndefined();
    });
  },
);

test("placing an order needs a key, takes a token or a guest's address, and no key from the body", () => {
  const place = byId("orders.place");
  expect(place?.security).toEqual([{}, { bearer: [] }]);
  expect(byId("orders.get")?.security).toEqual([{ bearer: [] }, { apiKey: [] }, { orderToken: [] }]);
  expect(byId("orders.receipts.record")?.security).toEqual([{ bearer: [] }, { orderToken: [] }]);
  expect(byId("orders.list")?.security).toEqual([{ bearer: [] }, { apiKey: [] }]);
  expect(place?.parameters).toContainEqual(
    expect.objectContaining({ name: "Idempotency-Key", in: "header", required: true }),
  );
  expect(place?.requestBody?.content["application/json"]?.schema.properties).not.toHaveProperty(
    "idempotencyKey",
  );
  expect(place?.responses["400"]?.description).toContain("idempotency-key-missing");
});

test("staff's operations name their permission and their preconditions", () => {
  const update = byId("users.update");
  expect(update?.["x-permission"]).toBe("users:write");
  expect(Object.keys(update?.responses ?? {})).toEqual(expect.arrayContaining(["403", "412", "428"]));
  expect(update?.parameters).toContainEqual(expect.objectContaining({ name: "If-Match", required: true }));
});

test("public operations can be called with and without a token", () => {
  expect(byId("catalog.products.list")?.security).toEqual([{}, { bearer: [] }]);
});

test("the languages of a shop with several are described where texts are localized", () => {
  const { paths } = JSON.parse(
    JSON.stringify(describeApi(allContracts, endpoints, ["en", "zh-CN"])),
  ) as typeof document;
  const product = paths["/api/v1/products/{idOrSlug}"]?.["get"];
  expect(product?.parameters).toContainEqual(
    expect.objectContaining({
      name: "locale",
      schema: { type: "string", enum: ["en", "zh-CN"] },
    }),
  );
  expect(product?.parameters.map(({ name }) => name)).toContain("Accept-Language");
  expect(product?.responses["200"]).toHaveProperty(["headers", "Content-Language"]);
  expect(byId("catalog.products.get")?.parameters.map(({ name }) => name)).not.toContain("Accept-Language");
});
