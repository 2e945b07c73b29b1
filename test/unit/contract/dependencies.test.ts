import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { loadConfig } from "../../../config/index.ts";
import { optionalServices } from "../../../mixins/service/optional-services.middleware.ts";
import { allContracts } from "../../support/all-contracts.ts";

const { installed } = loadConfig({});
const contracts = allContracts.map(({ name, needs = [], uses = {} }) => ({ name, needs, uses }));
const serviceOf = (action: string) => action.slice(0, action.indexOf("."));

const actions = new Set(
  allContracts.flatMap(({ name, actions: declared }) => Object.keys(declared).map((key) => `${name}.${key}`)),
);

/** Actions that the source of a service calls by name: the first argument of any function. Operators' commands are for what is there. */
function calledBy(name: string): string[] {
  const folder = dirname(installed.find((service) => service.name === name)?.file ?? "");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (file) => /(?<!\.contract)\.ts$/.test(file) && !file.startsWith("console/"),
  );
  const literals = files.flatMap((file) =>
    [...readFileSync(join(folder, file), "utf8").matchAll(/\b\w+\(\s*"([\w.-]+)"/g)].map(
      ([, literal = ""]) => literal,
    ),
  );
  return literals.filter((literal) => actions.has(literal));
}

describe.each(contracts)("$name", ({ name, needs, uses }) => {
  const others = [...new Set(calledBy(name).filter((action) => serviceOf(action) !== name))];

  test("declares each service that it calls as needed or used", () => {
    expect(others.filter((action) => !needs.includes(serviceOf(action)) && !(action in uses))).toEqual([]);
  });

  test("calls what it needs and uses", () => {
    expect(needs.filter((needed) => !others.some((action) => serviceOf(action) === needed))).toEqual([]);
    expect(Object.keys(uses).filter((action) => !others.includes(action))).toEqual([]);
    expect(Object.keys(uses).filter((action) => needs.includes(serviceOf(action)))).toEqual([]);
  });

  test("has defaults that the contracts of the actions allow", () => {
    for (const [action, result] of Object.entries(uses)) {
      const declared = allContracts.find((contract) => contract.name === serviceOf(action))?.actions[
        action.slice(serviceOf(action).length + 1)
      ];
      expect({
        action,
        fault: declared ? z.safeParse(declared.result, result).error?.message : "is not declared",
      }).toEqual({ action, fault: undefined });
    }
  });
});

describe("calls to an optional service", () => {
  type Call = (name: string, params?: unknown) => Promise<unknown>;
  const calls = (names: readonly string[]) => {
    const { call } = optionalServices(allContracts.filter(({ name }) => names.includes(name))) as unknown as {
      call?: (next: Call) => Call;
    };
    return call?.(async (name) => `called ${name}`);
  };

  test("get the default result where it is not installed", async () => {
    const call = calls(["users", "audit"]);
    await expect(call?.("cart.adopt", {})).resolves.toEqual({ cartId: null });
    await expect(call?.("users.login", {})).resolves.toBe("called users.login");
    await expect(call?.("cart.items.add", {})).resolves.toBe("called cart.items.add");
  });

  test("reach it where it is installed", () => {
    expect(calls(allContracts.map(({ name }) => name))).toBeUndefined();
  });
});
