import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { decodeJwt } from "jose";
import type { Caller } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

const password = "a quiet long sentence";

describe("accounts and sessions", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startShop({ services: ["users", "audit"] });
  });
  afterAll(() => shop.stop());

  const someone = () => `${newId()}@example.org`;
  const register = async (email = someone()) => {
    await shop.call("users.register", { email, password, name: "Ada" }, { as: { kind: "guest" } });
    return email;
  };
  const login = async (email: string, secret = password) =>
    shop.call("users.login", { email, password: secret }, { as: { kind: "guest" } });
  const callerOf = (tokens: { accessToken: string }): Caller => {
    const { sub, sid } = decodeJwt<{ sid: string }>(tokens.accessToken);
    return { ...customer(sub), sessionId: sid };
  };

  test("a registered customer can log in, whatever the letters' case, and sees their own account", async () => {
    const email = await register(`Mixed.${newId()}@Example.org`);
    const tokens = await login(email.toUpperCase());
    expect(tokens.user).toMatchObject({ email: email.toLowerCase(), role: "customer", permissions: [] });
    const me = await shop.call("users.me.get", {}, { as: callerOf(tokens) });
    const blank = { avatar: null, nickname: null, gender: null, birthday: null, locale: null, phone: null };
    expect(me).toEqual({ ...tokens.user, ...blank, keepsHistory: true });
  });

  test("registering an address twice answers the same and changes nothing", async () => {
    const email = await register();
    const again = await shop.call("users.register", {
      email,
      password: "another long sentence",
      name: "Eve",
    });
    expect(again).toEqual({ email });
    await expect(login(email, "another long sentence")).rejects.toMatchObject({
      type: "invalid-credentials",
    });
    expect((await login(email)).user.name).toBe("Ada");
  });

  test("ten registrations of one address at once make one account", async () => {
    const email = someone();
    await Promise.all(Array.from({ length: 10 }, () => register(email)));
    const { items } = await shop.call("users.list", { email });
    expect(items).toHaveLength(1);
    const { items: newest } = await shop.call("users.list", { sort: "-createdAt" });
    expect(newest.filter((user) => !user.email.includes("@"))).toEqual([]);
  });

  test("a common password is refused with the field named", async () => {
    const attempt = shop.call("users.register", { email: someone(), password: "Password123", name: "Ada" });
    await expect(attempt).rejects.toMatchObject({
      type: "validation-failed",
      data: { errors: [{ path: "password", code: "common-password" }] },
    });
  });

  test("a wrong password and an unknown account are refused alike", async () => {
    const email = await register();
    const refusals = await Promise.allSettled([login(email, "wrong password"), login(someone())]);
    const [known, unknown] = refusals.map((refusal) => refusal.status === "rejected" && refusal.reason);
    expect(known).toMatchObject({ type: "invalid-credentials" });
    expect({ ...unknown, message: unknown.message }).toEqual({ ...known, message: known.message });
  });

  test("a refresh token works once; its second use ends the session", async () => {
    const first = await login(await register());
    const second = await shop.call("users.refresh", { refreshToken: first.refreshToken });
    expect(second.refreshToken).not.toBe(first.refreshToken);

    const stolen = shop.call("users.refresh", { refreshToken: first.refreshToken });
    await expect(stolen).rejects.toMatchObject({ type: "invalid-refresh-token" });
    const owner = shop.call("users.refresh", { refreshToken: second.refreshToken });
    await expect(owner).rejects.toMatchObject({ type: "invalid-refresh-token" });
  });

  test("of two refreshes with one token at once, at most one succeeds", async () => {
    const { refreshToken } = await login(await register());
    const outcomes = await Promise.allSettled([
      shop.call("users.refresh", { refreshToken }),
      shop.call("users.refresh", { refreshToken }),
    ]);
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
  });

  test("after logout the session is no longer good", async () => {
    const tokens = await login(await register());
    const caller = callerOf(tokens) as Caller & { kind: "user" };
    expect(await shop.call("users.sessions.check", { sessionId: caller.sessionId })).toMatchObject({
      role: "customer",
    });
    await shop.call("users.logout", {}, { as: caller });
    expect(await shop.call("users.sessions.check", { sessionId: caller.sessionId })).toBeNull();
  });

  test("disabling an account ends its sessions and keeps it out", async () => {
    const email = await register();
    const { user, accessToken } = await login(email);
    await shop.call("users.update", { id: user.id, status: "disabled", expectedVersion: user.version });
    const { sessionId } = callerOf({ accessToken }) as Caller & { kind: "user" };
    expect(await shop.call("users.sessions.check", { sessionId })).toBeNull();
    await expect(login(email)).rejects.toMatchObject({ type: "invalid-credentials" });
  });

  test("a change that is based on an old version is refused", async () => {
    const { user } = await login(await register());
    await shop.call("users.update", { id: user.id, role: "support", expectedVersion: 1 });
    const stale = shop.call("users.update", { id: user.id, role: "auditor", expectedVersion: 1 });
    await expect(stale).rejects.toMatchObject({ type: "precondition-failed" });
  });

  test("administrators cannot change their own role", async () => {
    const { user } = await login(await register());
    const self: Caller = { ...customer(user.id), role: "administrator", permissions: ["users:write"] };
    const attempt = shop.call(
      "users.update",
      { id: user.id, role: "administrator", expectedVersion: 1 },
      { as: self },
    );
    await expect(attempt).rejects.toMatchObject({ type: "illegal-transition" });
  });

  test("an address is found by its owner only", async () => {
    const owner = customer();
    const address = { name: "Ada", line1: "1 Row", city: "London", postalCode: "N1", country: "GB" };
    const saved = await shop.call("users.addresses.add", { address }, { as: owner });
    expect((await shop.call("users.addresses.list", {}, { as: owner })).items).toEqual([saved]);

    const other = { as: customer() };
    await expect(shop.call("users.addresses.get", { id: saved.id }, other)).rejects.toMatchObject({
      type: "not-found",
    });
    const change = shop.call("users.addresses.change", { id: saved.id, label: "mine" }, other);
    await expect(change).rejects.toMatchObject({ type: "not-found" });
    await expect(shop.call("users.addresses.remove", { id: saved.id }, other)).rejects.toMatchObject({
      type: "not-found",
    });
  });

  test("a user has one default address, the latest one, also of concurrent requests", async () => {
    const [as, other] = [callerOf(await login(await register())), callerOf(await login(await register()))];
    const address = { name: "Ada", line1: "1 Row", city: "London", postalCode: "N1", country: "GB" };
    const add = (label: string, isDefault?: boolean) =>
      shop.call("users.addresses.add", { label, address, isDefault }, { as });
    const defaults = async () =>
      (await shop.call("users.addresses.list", {}, { as })).items
        .filter(({ isDefault }) => isDefault)
        .map(({ label }) => label);
    const plain = await add("plain");
    expect([plain.isDefault, await defaults()]).toEqual([false, []]);
    const home = await add("home", true);
    await add("work", true);
    expect(await defaults()).toEqual(["work"]);
    await shop.call("users.addresses.change", { id: home.id, isDefault: true }, { as });
    await shop.call("users.addresses.change", { id: home.id, label: "flat" }, { as });
    expect(await defaults()).toEqual(["flat"]);
    await expect(
      shop.call("users.addresses.change", { id: newId(), isDefault: true }, { as }),
    ).rejects.toMatchObject({ type: "not-found" });
    expect(await defaults()).toEqual(["flat"]);
    await shop.call("users.addresses.change", { id: home.id, isDefault: false }, { as });
    expect(await defaults()).toEqual([]);
    await Promise.all(Array.from({ length: 8 }, (_, n) => add(`${n}`, true)));
    expect(await defaults()).toHaveLength(1);
    await shop.call("users.addresses.add", { address, isDefault: true }, { as: other });
    expect(await defaults()).toHaveLength(1);
  });

  test("lists are paged without gaps or repeats", async () => {
    const owner = { as: customer() };
    const address = { name: "Ada", line1: "1 Row", city: "London", postalCode: "N1", country: "GB" };
    for (let n = 0; n < 7; n += 1) await shop.call("users.addresses.add", { label: `${n}`, address }, owner);
    const labels: (string | null)[] = [];
    let cursor: string | undefined;
    do {
      const page = await shop.call("users.addresses.list", { limit: 3, cursor, count: true }, owner);
      expect(page.total).toBe(7);
      labels.push(...page.items.map((item) => item.label));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(labels).toEqual(["0", "1", "2", "3", "4", "5", "6"]);
  });

  test("logins, failed logins and logouts are in the audit trail", async () => {
    const email = await register();
    const tokens = await login(email);
    await login(email, "wrong password").catch(() => undefined);
    await shop.call("users.logout", {}, { as: callerOf(tokens) });
    await shop.settled();

    const { items } = await shop.call("audit.list", {
      entity: "user",
      entityId: tokens.user.id,
      sort: "occurredAt",
    });
    expect(items.map((item) => item.type)).toEqual([
      "users.registered",
      "users.logged-in",
      "users.login-failed",
      "users.logged-out",
    ]);
    expect(items[1]?.actor).toEqual({ kind: "user", id: tokens.user.id });
    expect(JSON.stringify(items)).not.toContain("wrong password");
  });
});
