import { describe, expect, test } from "@jest/globals";
import type { ServiceSchema } from "moleculer";
import { z } from "zod";
import type { ActionContract } from "../../../mixins/contract/contract.ts";
import { action, defineContract, pathParams } from "../../../mixins/contract/contract.ts";
import { allContracts } from "../../support/all-contracts.ts";

const declared = allContracts.flatMap((contract) =>
  Object.entries<ActionContract>(contract.actions).map(([key, declaration]) => ({
    name: `${contract.name}.${key}`,
    declaration,
  })),
);

const routed = declared.flatMap(({ name, declaration }) =>
  declaration.route ? [{ name, declaration, route: declaration.route }] : [],
);

describe("contracts and services", () => {
  test.each(allContracts.map((contract) => [contract.name, contract] as const))(
    "%s implements exactly the actions that its contract declares",
    async (name, contract) => {
      const module = (await import(`../../../services/${name}/${name}.service.ts`)) as {
        default: ServiceSchema;
      };
      expect(Object.keys(module.default.actions ?? {}).sort()).toEqual(Object.keys(contract.actions).sort());
    },
  );

  test("no two actions have the same route", () => {
    const routes = routed.map(({ route }) => `${route.method} ${route.path.replaceAll(/\{\w+\}/g, "{}")}`);
    expect(routes.filter((route, index) => routes.indexOf(route) !== index)).toEqual([]);
  });

  test.each(routed.map(({ name, route, declaration }) => [name, route, declaration] as const))(
    "%s: a GET may be repeated, and what its answer is cached for is public",
    (_name, route, declaration) => {
      expect(route.method !== "GET" || declaration.idempotent).toBe(true);
      expect(route.caching !== "public" || declaration.access === "anyone").toBe(true);
    },
  );

  test.each(declared.map(({ name, declaration }) => [name, declaration] as const))(
    "%s refuses unknown params",
    (_name, declaration) => {
      const outcome = z.safeParse(declaration.params, { "no such field": 1 });
      expect(outcome.error?.issues.map((issue) => issue.code)).toContain("unrecognized_keys");
    },
  );
});

describe("declaring a contract", () => {
  const ping = action({
    summary: "Ping",
    access: "internal",
    params: z.strictObject({}),
    result: z.null(),
    errors: [],
    idempotent: true,
  });

  test("an internal action cannot have a route", () => {
    const actions = { ping: { ...ping, route: { method: "GET", path: "/ping" } as const } };
    expect(() => defineContract({ name: "x", summary: "", actions, events: {}, consumes: [] })).toThrow(
      /internal actions have no route/,
    );
  });

  test("a localized action takes its locale", () => {
    const actions = { ping: { ...ping, localized: true } };
    expect(() => defineContract({ name: "x", summary: "", actions, events: {}, consumes: [] })).toThrow(
      /a localized action has a param locale/,
    );
  });

  test("a route's path can only name params that exist", () => {
    const actions = {
      ping: { ...ping, access: "anyone", route: { method: "GET", path: "/ping/{id}" } } as const,
    };
    expect(() => defineContract({ name: "x", summary: "", actions, events: {}, consumes: [] })).toThrow(
      /unknown param id/,
    );
  });

  test("path params are the names in braces", () => {
    expect(pathParams("/carts/{id}/items/{itemId}")).toEqual(["id", "itemId"]);
  });
});
