import { expect, test } from "@jest/globals";
import { serviceNames } from "../../../config/index.ts";
import { planNodes } from "../../../deploy/local/cluster/plan.ts";

test("there are nodes for each service, gateways at one port after the other", () => {
  const nodes = planNodes({ users: 2 }, 3000);
  expect(nodes.map(({ name }) => name)).toEqual(["api-1", "api-2", "users-1", "users-2", "catalog-1", "catalog-2", "cart-1", "orders-1", "orders-2", "audit-1"]);
  expect(nodes.flatMap(({ port }) => port ?? [])).toEqual([3000, 3001]);
  expect(nodes.at(-1)).toEqual({ name: "audit-1", kind: "audit", services: ["audit"], port: undefined });
});

test("nodes that run all services are enough, each of them a gateway", () => {
  expect(planNodes({ all: 2 }, 3000)).toEqual([
    { name: "all-1", kind: "all", services: serviceNames, port: 3000 },
    { name: "all-2", kind: "all", services: serviceNames, port: 3001 },
  ]);
});

test("others can run beside them", () => {
  const nodes = planNodes({ all: 1, api: 1, orders: 1 }, 3000);
  expect(nodes.map(({ name, port }) => [name, port])).toEqual([["api-1", 3000], ["orders-1", undefined], ["all-1", 3001]]);
});
