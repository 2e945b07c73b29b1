import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { setTimeout as pause } from "node:timers/promises";
import { until } from "./processes.ts";
import { ClusterUnderTest, tell } from "./proof.ts";

/** TTL of a gateway's session cache, within which an ended session stops working everywhere. */
const withinMs = 1000;
/** Interval of requests at one gateway. */
const breathMs = 5;

describe("sessions on several gateways", () => {
  let shop: ClusterUnderTest;

  beforeAll(async () => {
    shop = await ClusterUnderTest.start({ catalog: 0, cart: 0, orders: 0, audit: 0 });
  }, 600_000);

  afterAll(async () => {
    await shop?.stop();
  }, 600_000);

  async function customer() {
    const credentials = await shop.register();
    const token = await shop.signIn(0, credentials);
    const { id } = await shop.demand(0, "GET", "/me", { token });
    return { credentials, token, id: String(id) };
  }

  async function change(userId: string, body: { role?: string; status?: string }) {
    const { version } = await shop.demand(0, "GET", `/users/${userId}`, { token: shop.staff });
    await shop.demand(0, "PATCH", `/users/${userId}`, { token: shop.staff, version, body });
  }

  /**
   * Polls every gateway, makes the change once each has given the old response, and continues until all give
   * the new one.
   *
   * @returns for each gateway, the time from the change to its last old response
   */
  async function lastOldAnswers(
    ask: { path: string; token: string; before: number; after: number },
    make: () => Promise<unknown>,
  ) {
    const { path, token, before, after } = ask;
    const status = async (gateway: number) => (await shop.request(gateway, "GET", path, { token })).status;
    for (const gateway of shop.gateways) expect(await status(gateway)).toBe(before);
    let madeAt = Number.POSITIVE_INFINITY;
    const failed = new AbortController();
    const asking = shop.gateways.map(async (gateway) => {
      let lastOld = 0;
      for (;;) {
        failed.signal.throwIfAborted();
        const askedAt = Date.now();
        const answer = await status(gateway);
        if (answer === after) return lastOld;
        expect(answer).toBe(before);
        lastOld = Math.max(lastOld, askedAt - madeAt);
        await pause(breathMs);
      }
    });
    const made = make().then(
      () => (madeAt = Date.now()),
      (error: unknown) => failed.abort(error),
    );
    const waits = await Promise.all(asking);
    await made;
    return waits;
  }

  test("a logout is noticed by every gateway within a second, though the session is in use at each", async () => {
    const { token } = await customer();
    const ask = { path: "/me", token, before: 200, after: 401 };
    const [here, elsewhere] = await lastOldAnswers(ask, () =>
      shop.demand(0, "POST", "/auth/logout", { token }),
    );
    tell(`logout: last accepted ${here} ms later where it was made, ${elsewhere} ms later elsewhere`);
    expect(here).toBeLessThanOrEqual(withinMs);
    expect(elsewhere).toBeLessThanOrEqual(withinMs);
  }, 240_000);

  test("a session that its user ends from another one is out of every gateway within a second", async () => {
    const { token, credentials } = await customer();
    const other = await shop.signIn(0, credentials);
    const { items } = await shop.demand(0, "GET", "/me/sessions", { token: other });
    const ended = (items as { id: string; current: boolean }[]).find(({ current }) => !current);
    const ask = { path: "/me", token, before: 200, after: 401 };
    const waits = await lastOldAnswers(ask, () =>
      shop.demand(0, "DELETE", `/me/sessions/${ended?.id}`, { token: other }),
    );
    tell(`session ended from another one: last accepted ${waits.join(" and ")} ms later`);
    for (const wait of waits) expect(wait).toBeLessThanOrEqual(withinMs);
  }, 240_000);

  test("a disabled account is out of every gateway within a second, and cannot come back", async () => {
    const { token, id, credentials } = await customer();
    const ask = { path: "/me", token, before: 200, after: 401 };
    const waits = await lastOldAnswers(ask, () => change(id, { status: "disabled" }));
    tell(`account disabled: last accepted ${waits.join(" and ")} ms later`);
    for (const wait of waits) expect(wait).toBeLessThanOrEqual(withinMs);
    for (const gateway of shop.gateways)
      expect((await shop.request(gateway, "POST", "/auth/login", { body: credentials })).status).toBe(401);
  }, 240_000);

  test("a role given, and a role taken away, count at every gateway within a second, in the same session", async () => {
    const { token, id } = await customer();
    const given = await lastOldAnswers({ path: "/users", token, before: 403, after: 200 }, () =>
      change(id, { role: "administrator" }),
    );
    const taken = await lastOldAnswers({ path: "/users", token, before: 200, after: 403 }, () =>
      change(id, { role: "customer" }),
    );
    tell(
      `role given: last refused ${given.join(" and ")} ms later; taken: last allowed ${taken.join(" and ")} ms later`,
    );
    for (const wait of [...given, ...taken]) expect(wait).toBeLessThanOrEqual(withinMs);
  }, 240_000);

  test("a gateway that was down when a session ended, an account was disabled and a role was taken lets none of it pass", async () => {
    const [leaver, disabled, demoted] = [await customer(), await customer(), await customer()];
    await change(demoted.id, { role: "administrator" });
    const tokens = [leaver.token, disabled.token, demoted.token];
    for (const token of tokens) await shop.demand(1, "GET", "/me", { token });
    await until(
      async () => (await shop.request(1, "GET", "/users", { token: demoted.token })).status === 200,
    );

    await shop.cluster.kill("api-2");
    await shop.demand(0, "POST", "/auth/logout", { token: leaver.token });
    await change(disabled.id, { status: "disabled" });
    await change(demoted.id, { role: "customer" });
    const url = `${shop.cluster.urls[1]}/health/live`;
    await until(() =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      ),
    );

    // A gateway that has not discovered the users service yet responds with an error, but does not let them
    // in.
    const first = async (path: string, token: string) => {
      let { status } = await shop.request(1, "GET", path, { token });
      while (status === 503) ({ status } = await shop.request(1, "GET", path, { token }));
      return status;
    };
    expect(await first("/me", leaver.token)).toBe(401);
    expect(await first("/me", disabled.token)).toBe(401);
    expect(await first("/users", demoted.token)).toBe(403);
    expect(await first("/me", demoted.token)).toBe(200);
  }, 240_000);
});
