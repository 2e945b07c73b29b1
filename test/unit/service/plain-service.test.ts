import { describe, expect, test } from "@jest/globals";
import type { ServiceSchema } from "moleculer";
import { amqpTopology } from "../../../mixins/events/amqp-topology.ts";
import { loadContracts } from "../../../mixins/service/load-services.ts";
import { definitionOf } from "../../../mixins/service/definition.ts";
import { plainContract } from "../../../mixins/service/plain/plain-contract.ts";
import { asShopService } from "../../../mixins/service/plain/plain-service.ts";
import { installedServices } from "../../../config/services.ts";

const handler = () => null;
const schema = (more: object): ServiceSchema => ({ name: "greeter", ...more }) as ServiceSchema;
const routeOf = (action: object, more: object = {}) => {
  const { contract, notRouted } = plainContract(
    schema({ ...more, actions: { hello: { handler, ...action } } }),
    [],
  );
  return contract.actions.hello?.route ?? notRouted[0];
};

describe("routes of a plain service", () => {
  test.each([
    ["GET /", { method: "GET", path: "/greeter" }],
    ["PUT /:id/name", { method: "PUT", path: "/greeter/{id}/name" }],
    [{ method: "POST" }, { method: "POST", path: "/greeter/hello" }],
    [
      { method: "GET", path: "/x", basePath: "/other" },
      { method: "GET", path: "/other/x" },
    ],
  ])("%j is where moleculer-web puts it", (rest, route) => {
    expect(routeOf({ rest })).toEqual(route);
  });

  test("the service's settings name another base path", () => {
    expect(routeOf({ rest: "GET /x" }, { settings: { rest: "v2/greetings/" } })).toEqual({
      method: "GET",
      path: "/v2/greetings/x",
    });
  });

  test("mixins bring routes, and a schema takes them away", () => {
    const mixins = [{ actions: { a: { rest: "GET /a", handler }, b: { rest: "GET /b", handler } } }];
    expect(
      Object.keys(plainContract(schema({ mixins, actions: { a: false } }), []).contract.actions),
    ).toEqual(["b"]);
  });

  test.each([
    [{ rest: "/x" }, {}, "it names no method, as in GET /path"],
    [{ rest: "ALL /x" }, {}, "ALL is none of GET, POST, PUT, PATCH, DELETE"],
    [{ rest: ["GET /x", "GET /y"] }, {}, "it has several routes, and one is possible"],
    [{ rest: "GET /:x?" }, {}, "/greeter/:x? is a pattern, and paths have plain names only"],
    [{ rest: "GET /x", visibility: "public" }, {}, "its visibility is public"],
    [{ rest: "GET /x" }, { version: 2 }, "its full name is not the service's and its own"],
    [
      { rest: "GET /x", access: "everyone" },
      {},
      expect.stringContaining("its access must be anyone, signed-in or { permission }"),
    ],
  ])("%j %j is not routed, and why", (action, more, reason) => {
    const said = routeOf(action, more);
    expect(said).toEqual(typeof reason === "string" ? `greeter.hello is not routed: ${reason}` : reason);
  });

  test("what is not routed is logged when the service is created", () => {
    const lines: string[] = [];
    const { created } = asShopService(schema({ actions: { hello: { rest: "/x", handler } } }));
    for (const hook of [created ?? []].flat())
      hook.call({ logger: { warn: (line: string) => lines.push(line) } } as never);
    expect(lines).toEqual(["greeter.hello is not routed: it names no method, as in GET /path"]);
  });
});

describe("channels of a plain service", () => {
  test("are known to every node, which keeps their events in a queue", async () => {
    const contracts = await loadContracts({ installed: installedServices(["test/fixtures/extensions"]) });
    const { consumers } = amqpTopology(contracts, "shop", [100]);
    expect(consumers.find(({ service }) => service === "listener")).toEqual({
      service: "listener",
      events: ["catalog.changed"],
    });
  });

  test("give it an inbox in front of its own migrations", () => {
    const migrations = [{ name: "0001-own", up: () => Promise.resolve(), down: () => Promise.resolve() }];
    const made = asShopService(schema({ channels: { "orders.placed": { handler } }, migrations }));
    expect(definitionOf(made)?.migrations?.map(({ name }) => name)).toEqual(["0000-inbox", "0001-own"]);
  });

  test("refuse what they cannot give", () => {
    expect(() => asShopService(schema({ channels: { "orders.placed": { group: "g", handler } } }))).toThrow(
      "greeter: channels: orders.placed takes a function, or { handler }, and no group",
    );
    expect(() => asShopService(schema({ adapter: {}, channels: { "orders.placed": handler } }))).toThrow(
      "channels bring a database of their own",
    );
  });

  test("refuse permissions that there are not", () => {
    expect(() => asShopService(schema({ settings: { permissions: ["orders:fly"] } }))).toThrow(
      "greeter: settings.permissions: there is no orders:fly",
    );
  });
});
