/** @embedded receivers are servers of this test; claims under several nodes are in test/unit/webhooks */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { Result } from "../../mixins/contract/calls.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { removeOldDeliveries } from "../../services/webhooks/jobs/remove-old-deliveries.job.ts";
import { until } from "../cluster/processes.ts";
import { problemIn, sendHttp } from "../support/http.ts";
import type { Person } from "../support/people.ts";
import { newApiKey, newPerson } from "../support/people.ts";
import type { RestClient } from "../support/rest-client.ts";
import { restClient } from "../support/rest-client.ts";
import { runJob } from "../support/run-job.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
import { Receiver } from "../support/webhooks/receivers.ts";
import { isGenuine } from "../support/webhooks/verify-webhook.ts";

type Webhook = Result<"webhooks.get">;
type NewWebhook = Result<"webhooks.create">;
type Delivery = Result<"webhooks.deliveries.get">;
type Deliveries = Result<"webhooks.deliveries.list">;

const day = 86_400_000;

describe("webhooks", () => {
  let shop: Shop;
  let staff: Person;
  let office: RestClient;
  let receiver: Receiver;
  beforeAll(async () => {
    shop = await startShop({ env: { SWEEP_INTERVAL_SECONDS: "1", WEBHOOK_DESTINATIONS: "any" } });
    staff = await newPerson(shop, "administrator");
    office = restClient(shop, staff);
    receiver = await Receiver.open();
  });
  afterAll(async () => {
    await shop?.stop();
    await receiver?.close();
  });
  beforeEach(() => {
    receiver.received.length = 0;
    receiver.reply = () => ({ status: 204 });
  });

  const databaseOf = (name: string) =>
    (shop.broker.getLocalService(name) as Service & ServiceWithDatabase).database;
  const run = (sql: string, ...values: (string | number)[]) =>
    databaseOf("webhooks").transaction({ actor: { kind: "system", id: "test" }, requestId: "test" }, (tx) =>
      databaseOf("webhooks").execute(sql, values, tx),
    );
  const create = (body: object = {}) =>
    office<NewWebhook>("POST", "/webhooks", { url: receiver.url, events: ["users.registered"], ...body });
  const remove = (id: string) => office("DELETE", `/webhooks/${id}`);
  const list = async (id: string, query = "") =>
    (await office<Deliveries>("GET", `/webhooks/${id}/deliveries${query}`)).items;
  const listed = async (id: string, status: string, number = 1) => {
    await until(async () => (await list(id, `?status=${status}`)).length >= number);
    return list(id, `?status=${status}`);
  };
  const logOf = async (id: string, deliveryId: string) =>
    office<Delivery>("GET", `/webhooks/${id}/deliveries/${deliveryId}`);
  const textHeaders = ({ headers }: Receiver["received"][number]) =>
    headers as Record<string, string | undefined>;

  test("an event reaches those who want it, signed, without personal data, and no others", async () => {
    const hook = await create();
    const other = await create({ events: ["orders.*"] });
    const person = await newPerson(shop);
    const [delivery] = await listed(hook.id, "delivered");
    const [request] = receiver.received;
    if (!request || !delivery) throw new Error("nothing arrived");
    expect(JSON.parse(request.body)).toEqual({
      type: "users.registered",
      timestamp: expect.stringMatching(/Z$/),
      data: { userId: person.userId },
    });
    expect(isGenuine(textHeaders(request), request.body, hook.secret)).toBe(true);
    expect(isGenuine(textHeaders(request), `${request.body} `, hook.secret)).toBe(false);
    expect(isGenuine(textHeaders(request), request.body, other.secret)).toBe(false);
    expect(request.headers["webhook-id"]).toBe(delivery.eventId);
    expect(delivery).toMatchObject({ type: "users.registered", attempts: 1, nextAttemptAt: null });
    const { log } = await logOf(hook.id, delivery.id);
    expect(log).toMatchObject([{ status: 204, error: null, response: "" }]);
    expect(receiver.received.length).toBe(1);
    expect(await list(other.id)).toEqual([]);
    await Promise.all([hook, other].map(({ id }) => remove(id)));
  });

  test("the secret is shown once and encrypted; a new one signs beside the previous one for a day", async () => {
    const { secret, ...hook } = await create();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await office<Webhook>("GET", `/webhooks/${hook.id}`)).toEqual(hook);
    const rows = await databaseOf("webhooks").select("SELECT * FROM endpoints WHERE id = ?", [hook.id]);
    expect(JSON.stringify(rows)).not.toContain(secret.slice(6));
    const rotated = await office<NewWebhook>("POST", `/webhooks/${hook.id}/rotate-secret`);
    expect(Date.parse(rotated.previousSecretUntil ?? "") - Date.now()).toBeGreaterThan(day - 60_000);
    await office("POST", `/webhooks/${hook.id}/test`);
    await run("UPDATE endpoints SET previous_until = ? WHERE id = ?", Date.now() - 1, hook.id);
    await office("POST", `/webhooks/${hook.id}/test`);
    const [both, one] = receiver.received;
    if (!both || !one) throw new Error("nothing arrived");
    const isValid = (request: typeof both, key: string) => isGenuine(textHeaders(request), request.body, key);
    expect([isValid(both, secret), isValid(both, rotated.secret)]).toEqual([true, true]);
    expect([isValid(one, secret), isValid(one, rotated.secret)]).toEqual([false, true]);
    await remove(hook.id);
  });

  test("a test answers what came back: a status, the start of a long body, or why there was none", async () => {
    const hook = await create({ enabled: false });
    const send = () => office<Result<"webhooks.test">>("POST", `/webhooks/${hook.id}/test`);
    receiver.reply = () => ({ status: 302, headers: { location: receiver.url }, body: "é".repeat(5000) });
    const redirected = await send();
    expect(redirected).toMatchObject({ delivered: false, status: 302, response: "é".repeat(512) });
    expect(receiver.received.length).toBe(1);
    expect(JSON.parse(receiver.received[0]?.body ?? "")).toMatchObject({
      type: "webhooks.test",
      data: { webhookId: hook.id },
    });
    receiver.reply = () => "cut";
    expect(await send()).toMatchObject({
      delivered: false,
      status: null,
      error: "cannot be reached (ECONNRESET)",
    });
    expect(await list(hook.id)).toEqual([]);
    await remove(hook.id);
  });

  test("a failed delivery waits for its next attempt, and is sent at once when staff want it", async () => {
    receiver.reply = () => ({ status: 503, body: "busy" });
    const hook = await create();
    await newPerson(shop);
    await until(async () => (await list(hook.id))[0]?.attempts === 1);
    const [waiting] = await list(hook.id, "?status=waiting&type=users.registered");
    if (!waiting) throw new Error("no delivery waits");
    const next = Date.parse(waiting.nextAttemptAt ?? "") - Date.now();
    expect(next).toBeLessThanOrEqual(6000);
    await run("UPDATE deliveries SET due_at = ? WHERE id = ?", Date.now() + day, waiting.id);
    receiver.reply = () => ({ status: 200 });
    await office("POST", `/webhooks/${hook.id}/deliveries/${waiting.id}/retry`);
    await listed(hook.id, "delivered");
    const { log, attempts } = await logOf(hook.id, waiting.id);
    expect(log.map(({ status, response }) => [status, response])).toEqual([
      [503, "busy"],
      [200, ""],
    ]);
    expect(attempts).toBe(2);
    // Also one that was delivered.
    await office("POST", `/webhooks/${hook.id}/deliveries/${waiting.id}/retry`);
    await until(async () => (await logOf(hook.id, waiting.id)).attempts === 3);
    expect(new Set(receiver.ids)).toEqual(new Set([waiting.eventId]));
    await shop.settled();
    const told = (await shop.call("audit.list", { type: "webhooks.replayed", entityId: hook.id })).items;
    expect(told.map(({ details }) => details)).toEqual([
      { webhookId: hook.id, deliveries: 1 },
      { webhookId: hook.id, deliveries: 1 },
    ]);
    await remove(hook.id);
  });

  test("410 disables a webhook; what happens meanwhile is stored, and a replay sends it", async () => {
    receiver.reply = () => ({ status: 410 });
    const hook = await create({ ordered: true });
    const from = new Date().toISOString();
    await newPerson(shop);
    await listed(hook.id, "failed");
    const disabled = await office<Webhook>("GET", `/webhooks/${hook.id}`);
    expect(disabled).toMatchObject({ enabled: false, disabledReason: "gone" });
    const told = async () =>
      (await shop.call("audit.list", { type: "webhooks.endpoint-disabled", entityId: hook.id })).items;
    await until(async () => (await told()).length === 1);
    const people = [await newPerson(shop), await newPerson(shop)];
    await shop.settled();
    expect((await list(hook.id)).length).toBe(1);
    receiver.reply = () => ({ status: 200 });
    receiver.received.length = 0;
    const change = { enabled: true };
    const enabled = await office<Webhook>("PATCH", `/webhooks/${hook.id}`, change, {
      "if-match": `"${disabled.version}"`,
    });
    expect(enabled).toMatchObject({ enabled: true, disabledReason: null, failingSince: null });
    const before = new Date(Date.now() + 1000).toISOString();
    expect(await office("POST", `/webhooks/${hook.id}/replay`, { from, before })).toEqual({ deliveries: 3 });
    await listed(hook.id, "delivered", 3);
    const users = receiver.received.map(
      ({ body }) => (JSON.parse(body) as { data: { userId: string } }).data.userId,
    );
    expect(users.slice(1)).toEqual(people.map(({ userId }) => userId));
    const earlier = new Date(0).toISOString();
    expect(await office("POST", `/webhooks/${hook.id}/replay`, { from: earlier, before: from })).not.toEqual({
      deliveries: 3,
    });
    await remove(hook.id);
  });

  test("only staff may, with a recent password and the version that they read; keys may look", async () => {
    const hook = await create();
    const path = `/api/v1/webhooks/${hook.id}`;
    const answerOf = async (method: string, token: string | undefined, body?: object, headers = {}) => {
      const text = body && JSON.stringify(body);
      const answer = await sendHttp(shop.url, { method, path, token, body: text, headers });
      return problemIn(answer) ?? answer.status;
    };
    const customer = await newPerson(shop);
    const { key } = await newApiKey(shop, staff, ["webhooks:read", "webhooks:manage"]);
    expect(await answerOf("GET", undefined)).toBe("unauthenticated");
    expect(await answerOf("GET", customer.token)).toBe("forbidden");
    expect(await answerOf("GET", key)).toBe(200);
    const change = { description: "ours" };
    expect(await answerOf("PATCH", key, change, { "if-match": '"1"' })).toBe("forbidden");
    expect(await answerOf("PATCH", staff.token, change)).toBe("precondition-required");
    expect(await answerOf("PATCH", staff.token, change, { "if-match": '"1"' })).toBe(200);
    expect(await answerOf("PATCH", staff.token, change, { "if-match": '"1"' })).toBe("precondition-failed");
    for (const wrong of [
      { events: ["orders.plcaed"] },
      { events: [] },
      { events: ["users.logged-in"] },
      { url: "ftp://hooks.example.com/" },
      { url: "http://user@127.0.0.1/" },
      { url: "https://bücher.example/" },
      { secret: "whsec_mine" },
    ])
      expect(await answerOf("PATCH", staff.token, wrong, { "if-match": '"2"' })).toBe("validation-failed");
    const changes = (await shop.call("audit.list", { type: "webhooks.changed", entityId: hook.id })).items;
    expect(changes.map(({ details }) => details)).toContainEqual({
      webhookId: hook.id,
      before: { description: "" },
      after: { description: "ours" },
    });
    expect(await answerOf("DELETE", key)).toBe(204);
    expect(await answerOf("GET", staff.token)).toBe("not-found");
  });

  test("a foreign delivery is not found under another webhook", async () => {
    const hook = await create();
    await newPerson(shop);
    const [delivery] = await listed(hook.id, "delivered");
    const other = await create();
    const of = (id: string) => `/api/v1/webhooks/${other.id}/deliveries/${id}`;
    for (const [method, path] of [
      ["GET", of(delivery?.id ?? "")],
      ["POST", `${of(delivery?.id ?? "")}/retry`],
      ["GET", of(newId())],
    ] as const)
      expect(problemIn(await sendHttp(shop.url, { method, path, token: staff.token }))).toBe("not-found");
    await Promise.all([hook, other].map(({ id }) => remove(id)));
  });

  test("old deliveries and events are removed, and those of removed webhooks", async () => {
    const hook = await create();
    await newPerson(shop);
    const [delivery] = await listed(hook.id, "delivered");
    const old = await create();
    await newPerson(shop);
    const [aged] = await listed(old.id, "delivered");
    const rows = async (table: string, column: string, id = "") =>
      (await databaseOf("webhooks").select(`SELECT * FROM ${table} WHERE ${column} = ?`, [id])).length;
    await run("UPDATE deliveries SET created_at = 1 WHERE id = ?", aged?.id ?? "");
    await run("UPDATE events SET received_at = 1");
    await remove(hook.id);
    await runJob(shop, "webhooks", removeOldDeliveries, Date.now() + 2 * 3_600_000);
    expect(await rows("deliveries", "id", aged?.id)).toBe(0);
    expect(await rows("attempts", "delivery_id", aged?.id)).toBe(0);
    expect(await rows("endpoints", "id", old.id)).toBe(1);
    expect(await rows("deliveries", "endpoint_id", hook.id)).toBe(0);
    expect(await rows("endpoints", "id", hook.id)).toBe(0);
    // The same event was delivered to both when both wanted it.
    expect(await rows("events", "id", delivery?.eventId)).toBe(0);
    await remove(old.id);
  });

  test("the data hold what they promise afterwards", async () => {
    const { invariants } = await import("../../services/webhooks/data/invariants.ts");
    const { findViolations } = await import("../../mixins/database/invariant.ts");
    const { configOf } = await import("../../mixins/service/config-of.ts");
    const moments = { now: Date.now(), graceMs: 0, keysRetainedSince: 0, inboxRetainedSince: 0 };
    const context = { moments, config: configOf(shop.broker) };
    for (const invariant of invariants.filter(({ code }) => code.startsWith("webhooks.")))
      expect({
        code: invariant.code,
        violations: await findViolations(
          databaseOf("webhooks"),
          invariant,
          { after: "", upTo: undefined },
          context,
        ),
      }).toEqual({ code: invariant.code, violations: [] });
  });
});
