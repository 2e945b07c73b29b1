import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { setTimeout as delay } from "node:timers/promises";
import type { Context } from "moleculer";
import type { Caller } from "../../mixins/contract/caller.ts";
import type { PlainService } from "../../mixins/service/plain/plain-service.ts";
import { clusterSettings, clusterSettingsFile } from "../support/cluster-shape.ts";
import { problemIn, sendHttp } from "../support/http.ts";
import type { Person } from "../support/people.ts";
import { newPerson } from "../support/people.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

let shop: Shop;
let customer: Person;

/** A stack of servers has a database for the service only if it was started with `SHOP_EXTENSIONS`. */
const hasDatabase = clusterSettingsFile() === undefined || "DATABASE_PASSWORD_LISTENER" in clusterSettings();
const extensions = hasDatabase ? ["greeter", "listener"] : ["greeter"];

beforeAll(async () => {
  shop = await startShop({
    services: ["api", "users", "catalog", "orders", "audit", ...extensions],
    env: {
      SHOP_EXTENSIONS: "test/fixtures/extensions",
      EVENT_BACKOFF_MS: "50",
      ...(hasDatabase ? {} : { SHOP_WITHOUT: "listener" }),
    },
    prepare: (broker) => broker.createService(asker),
  });
  customer = await newPerson(shop);
});
afterAll(() => shop.stop());

/** Calls the plain service without a caller of its own. */
const asker = {
  name: "asker",
  actions: {
    async ask(ctx: Context<unknown, { caller?: Caller }>) {
      const answer = await ctx.call<{ caller?: string }, object>("greeter.hello", { name: "Ada" });
      return { asked: answer.caller, after: ctx.meta.caller ?? null };
    },
  },
};

/** Calls an action of the plain service as something without a caller does, such as a timer. */
const call = (name: string, params: object = {}) =>
  shop.broker.call<unknown, object>(`greeter.${name}`, params);
const get = (path: string, token?: string) =>
  sendHttp(shop.url, { method: "GET", path: `/api/v1${path}`, token });

describe("a plain service of the framework", () => {
  test("has its params checked by the framework's validator, with defaults and conversions", async () => {
    expect(await call("hello", { name: "Ada", times: "2" })).toEqual({ text: "Hello AdaHello Ada" });
    await expect(call("hello", { name: "A" })).rejects.toMatchObject({
      name: "ValidationError",
      type: "VALIDATION_ERROR",
      data: [{ field: "name", type: "stringMin" }],
    });
  });

  test("has params in Zod checked by Zod", async () => {
    expect(await call("double")).toBe(4);
    await expect(call("double", { n: 0, m: 1 })).rejects.toMatchObject({
      type: "VALIDATION_ERROR",
      data: [{ field: "n", type: "too-small" }, { field: "m" }],
    });
  });

  describe("over REST", () => {
    test("is routed below its name; values come from path and query", async () => {
      const answer = await get("/greeter/hello/Ada?times=2");
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.body)).toEqual({ text: "Hello AdaHello Ada", caller: "guest" });
    });

    test("reports invalid params like the rest of the API", async () => {
      const answer = await get("/greeter/hello/A");
      expect(answer.status).toBe(422);
      expect(JSON.parse(answer.body).errors).toMatchObject([{ path: "name", code: "stringMin" }]);
    });

    test("is for those who are signed in, unless it says otherwise", async () => {
      const note = (token?: string) =>
        sendHttp(shop.url, { method: "POST", path: "/api/v1/greeter/notes", token, body: '{"text":"x"}' });
      expect((await note()).status).toBe(401);
      expect(JSON.parse((await note(customer.token)).body)).toEqual({ text: "x", by: customer.userId });
      expect((await get("/greeter/trail", customer.token)).status).toBe(403);
    });

    test("answers with its own client errors", async () => {
      const answer = await get("/greeter/lost");
      expect(problemIn(answer)).toBe("not-found");
      expect(JSON.parse(answer.body).detail).toBe("Nobody is called that");
    });

    test("is in the API description with its params", async () => {
      const { paths } = JSON.parse((await sendHttp(shop.url, { method: "GET", path: "/openapi.json" })).body);
      expect(paths["/api/v1/greeter/hello/{name}"].get).toMatchObject({
        operationId: "greeter.hello",
        security: [{}, { bearer: [] }],
        parameters: [
          { name: "name", in: "path", required: true, schema: { type: "string", minLength: 2 } },
          {
            name: "times",
            in: "query",
            required: false,
            schema: { type: "integer", minimum: 1, maximum: 3 },
          },
        ],
      });
      expect(
        paths["/api/v1/greeter/notes"].post.requestBody.content["application/json"].schema,
      ).toMatchObject({ required: ["text"] });
    });

    test("has no route where it names no method or is not published", async () => {
      expect((await get("/greeter/everything", customer.token)).status).toBe(404);
      expect((await get("/greeter/inner", customer.token)).status).toBe(404);
    });
  });

  describe("as a caller", () => {
    test("can call public actions", async () => {
      expect(await call("products")).toMatchObject({ items: [] });
    });

    test("can call actions granted by its settings, and gets the missing permissions otherwise", async () => {
      expect(await call("orders")).toMatchObject({ items: [] });
      await expect(call("audit")).rejects.toMatchObject({
        type: "forbidden",
        message: "The service greeter lacks audit:read: name it in its settings.permissions",
      });
    });

    test("calls on behalf of those who call it", async () => {
      const meta = {
        caller: {
          kind: "user",
          userId: customer.userId,
          sessionId: "s",
          role: "customer",
          permissions: ["audit:read"],
          verifiedAt: 0,
        },
      };
      expect(await shop.broker.call("greeter.audit", {}, { meta })).toMatchObject({
        items: expect.any(Array),
      });
    });

    test("keeps its identity to itself", async () => {
      expect(await shop.broker.call("asker.ask", {})).toEqual({ asked: "key", after: null });
    });

    test("has its identity at hand where there is no context", async () => {
      const { identity } = shop.broker.getLocalService("greeter") as PlainService;
      await expect(
        shop.broker.call("orders.list", {}, { meta: { caller: identity } }),
      ).resolves.toMatchObject({ items: [] });
    });
  });

  (hasDatabase ? test : test.skip)(
    "receives durable events on its channels, in a database of its own, once though it failed at first",
    async () => {
      const { id } = await shop.call("catalog.categories.create", { slug: "cups", name: "Cups" });
      const received = () => shop.broker.call<object[], object>("listener.received", {});
      // Over RabbitMQ, an event that is to be retried is in no backlog.
      while ((await received()).length === 0) await delay(20);
      await shop.settled();
      expect(await received()).toEqual([{ id, actor: "operator" }]);
      expect(await shop.broker.call("listener.hints", {})).toMatchObject([
        { id, entity: "category", change: "created" },
      ]);
    },
  );
});
