import { expect, test } from "@jest/globals";
import { planNodes } from "../../../deploy/local/cluster/plan.ts";
import { serviceNames } from "../../support/all-contracts.ts";

test("there are nodes for each service, gateways at one port after the other", () => {
  const nodes = planNodes({ users: 2 }, 3000);
  const twice = new Set(["api", "catalog", "orders", "users"]);
  expect(nodes.map(({ name }) => name)).toEqual(
    serviceNames.flatMap((name) => (twice.has(name) ? [`${name}-1`, `${name}-2`] : [`${name}-1`])),
  );
  expect(nodes.flatMap(({ port }) => port ?? [])).toEqual([3000, 3001]);
  expect(nodes.find(({ name }) => name === "users-2")).toEqual({
    name: "users-2",
    kind: "users",
    services: ["users"],
    port: undefined,
  });
});

test("nodes that run all services are enough, each of them a gateway", () => {
  expect(planNodes({ all: 2 }, 3000)).toEqual([
    { name: "all-1", kind: "all", services: serviceNames, port: 3000 },
    { name: "all-2", kind: "all", services: serviceNames, port: 3001 },
  ]);
});

test("others can run beside them", () => {
  const nodes = planNodes({ all: 1, api: 1, orders: 1 }, 3000);
  expect(nodes.map(({ name, port }) => [name, port])).toEqual([
    ["api-1", 3000],
    ["orders-1", undefined],
    ["all-1", 3001],
  ]);
});

test("services of which no number is given share nodes, however many there are", () => {
  const rest = serviceNames.filter((name) => !["api", "catalog", "cart"].includes(name));
  expect(planNodes({ api: 1, catalog: 2, cart: 0, rest: 1 }, 3000)).toEqual([
    { name: "api-1", kind: "api", services: ["api"], port: 3000 },
    { name: "catalog-1", kind: "catalog", services: ["catalog"], port: undefined },
    { name: "catalog-2", kind: "catalog", services: ["catalog"], port: undefined },
    { name: "rest-1", kind: "rest", services: rest, port: undefined },
  ]);
  expect(planNodes({ catalog: 1, rest: 0 }, 3000).map(({ name }) => name)).toEqual(["catalog-1"]);
});
