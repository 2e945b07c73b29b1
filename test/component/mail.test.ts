import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { MailRepository } from "../../services/users/data/mail-repository.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Shop } from "../support/shop.ts";
import { deliver, startShop } from "../support/shop.ts";
import { MailServer } from "../support/smtp.ts";

const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;

describe("mail over SMTP", () => {
  let server: MailServer;
  let shop: Shop;
  beforeEach(async () => {
    server = new MailServer();
    const url = await server.start();
    shop = await startShop({
      services: ["users", "audit"],
      env: {
        SMTP_URL: url,
        MAIL_FROM: "hello@books.example",
        SHOP_URL: "https://books.example/",
        SWEEP_INTERVAL_SECONDS: "1",
      },
    });
  });
  afterEach(async () => {
    await shop.stop();
    await server.stop();
  });

  const register = async () => {
    const email = `${newId()}@example.org`;
    await shop.call(
      "users.register",
      { email, password: "a quiet long sentence", name: "Ada <x>" },
      { as: { kind: "guest" } },
    );
    return email;
  };
  const databaseOf = () => (shop.broker.getLocalService("users") as Service & ServiceWithDatabase).database;
  const statusOf = async (email: string) => {
    const rows = await databaseOf().select<{ status: string; last_error: string | null }>(
      "SELECT status, last_error FROM mails WHERE recipient = ?",
      [email],
    );
    return rows;
  };
  const until = async (ready: () => Promise<boolean>) => {
    while (!(await ready())) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  test("a registration's mail reaches its address, with a link to the shop's own page", async () => {
    const email = await register();
    const [mail] = await server.received(1);
    expect(mail?.to).toBe(email);
    expect(mail?.source).toMatch(/^From: hello@books\.example\r$/m);
    expect(mail?.source).toMatch(/^Message-ID: <[\w-]{36}@books\.example>\r$/im);
    expect(mail?.source.replaceAll("=\r\n", "").replaceAll("=3D", "=")).toMatch(
      /https:\/\/books\.example\/verify-email#token=[\w-]{43}\r$/m,
    );
    expect(mail?.source).not.toContain("Ada");
    await until(async () => (await statusOf(email))[0]?.status === "sent");
  });

  test("a charge that needs the customer is told once to the account's address, and to no deleted account", async () => {
    const email = await register();
    await server.received(1);
    const [user] = (await shop.call("users.list", { email })).items;
    const about = (customerId: string) => ({
      orderId: newId(),
      number: "K7Q2-9XMD",
      customerId,
      payment: {
        id: newId(),
        orderId: newId(),
        provider: "sandbox",
        status: "failed" as const,
        reference: "sbx_pay_1",
        amount: { amount: 2495, currency: "GBP" },
        refunded: { amount: 0, currency: "GBP" },
        received: null,
        failure: "The bank asks the customer to authenticate the payment",
        at: "2026-11-30T12:00:00.000Z",
        paidAt: null,
      },
    });
    const event = (customerId: string) => ({
      id: newId(),
      name: "orders.payment-authentication-required" as const,
      occurredAt: Date.now(),
      actor: origin.actor,
      requestId: newId(),
      payload: about(customerId),
    });
    const told = event(user?.id ?? "");
    expect(await deliver(shop.broker, [told, event(newId()), told])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const mails = await server.received(2);
    expect(mails.at(-1)).toMatchObject({ to: email });
    expect(mails.at(-1)?.source).toMatch(/^Subject: Your bank asks you to confirm a payment\r$/m);
    expect(mails.at(-1)?.source).not.toContain("sbx_pay_1");
    await until(async () => (await statusOf(email)).every(({ status }) => status === "sent"));
    expect(await statusOf(email)).toHaveLength(2);
  });

  test("no token is stored in plain text: not in the mail's row, the outbox or the trail", async () => {
    const email = await register();
    const [mail] = await server.received(1);
    await until(async () => (await statusOf(email))[0]?.status === "sent");
    const [, token = ""] = /#token=3D([\w-]+)/.exec(mail?.source.replaceAll("=\r\n", "") ?? "") ?? [];
    expect(token).toHaveLength(43);
    await shop.settled();
    const database = databaseOf();
    for (const table of ["mails", "outbox", "one_time_tokens"])
      expect(JSON.stringify(await database.select(`SELECT * FROM ${table}`))).not.toContain(token);
    const { items } = await shop.call("audit.list", { limit: 100 });
    expect(items.map(({ type }) => type)).toContain("users.mail-sent");
    expect(JSON.stringify(items)).not.toContain(token);
  });

  test("a refusing mail server delays no request, and the mail is delivered once it accepts", async () => {
    server.answers = [451];
    const email = await register();
    await until(async () => (await statusOf(email))[0]?.last_error !== null);
    expect(await statusOf(email)).toMatchObject([{ status: "waiting" }]);
    // The pause after the first failure is over.
    await databaseOf().transaction(origin, (tx) =>
      databaseOf().execute("UPDATE mails SET due_at = 0", [], tx),
    );
    const [mail] = await server.received(1);
    expect(mail?.to).toBe(email);
    expect(server.asked).toBe(2);
  });

  test("an address that the mail server knows not is given up at once", async () => {
    server.answers = [550];
    const email = await register();
    await until(async () => (await statusOf(email))[0]?.status === "failed");
    expect(server.asked).toBe(1);
  });

  test("a node that dies while it sends leaves the mail to others, under the same Message-ID, and both tokens are good", async () => {
    const taken = Promise.withResolvers<void>();
    server.beforeAnswer = () => {
      server.beforeAnswer = () => Promise.resolve();
      taken.resolve();
      // The mail is accepted, but the confirmation is lost.
      return Promise.reject(Object.assign(new Error("gone"), { responseCode: 451 }));
    };
    const email = await register();
    await taken.promise;
    await until(async () => (await statusOf(email))[0]?.last_error !== null);
    await databaseOf().transaction(origin, (tx) =>
      databaseOf().execute("UPDATE mails SET due_at = 0", [], tx),
    );
    const [mail] = await server.received(1);
    const [row] = await databaseOf().select<{ id: string }>("SELECT id FROM mails WHERE recipient = ?", [
      email,
    ]);
    expect(mail?.source).toContain(`<${row?.id}@books.example>`);
    expect(await databaseOf().select("SELECT token_hash FROM one_time_tokens")).toHaveLength(2);
  });

  test("two nodes do not send the same mail, and an expired claim is taken over", async () => {
    const database = databaseOf();
    const mails = new MailRepository(database);
    const mail = {
      id: newId(),
      kind: "password-changed",
      recipient: "x@example.org",
      userId: newId(),
      attempts: 0,
    } as const;
    const far = Date.now() + 1e9;
    await database.transaction(origin, (tx) => mails.add({ ...mail, createdAt: far }, tx));
    const claim = (now: number) => database.transaction(origin, (tx) => mails.claim(now, 1000, 5, tx));
    const claims = await Promise.all([claim(far), claim(far)]);
    expect(claims.flat().filter(({ id }) => id === mail.id)).toHaveLength(1);
    expect(await claim(far + 999)).toEqual([]);
    expect(await claim(far + 1000)).toMatchObject([{ id: mail.id, attempts: 1 }]);
  });

  test("an address gets at most five mails of a kind in an hour", async () => {
    const email = await register();
    for (let n = 0; n < 8; n += 1)
      await shop.call("users.password-resets.request", { email }, { as: { kind: "guest" } });
    expect(await server.received(6)).toHaveLength(6);
    await until(async () => (await statusOf(email)).every(({ status }) => status !== "waiting"));
    expect((await statusOf(email)).filter(({ status }) => status === "sent")).toHaveLength(6);
    expect(server.asked).toBe(6);
  });

  test("mail requests from before the registration do not use up the owner's limit", async () => {
    const email = `${newId()}@example.org`;
    for (let n = 0; n < 5; n += 1) {
      await shop.call("users.password-resets.request", { email }, { as: { kind: "guest" } });
      await shop.call("users.email-verifications.request", { email }, { as: { kind: "guest" } });
    }
    await until(async () => (await statusOf(email)).every(({ status }) => status === "dropped"));
    await shop.call(
      "users.register",
      { email, password: "a quiet long sentence", name: "Ada" },
      { as: { kind: "guest" } },
    );
    await shop.call("users.password-resets.request", { email }, { as: { kind: "guest" } });
    const mails = await server.received(2);
    expect(mails.map(({ to }) => to)).toEqual([email, email]);
  });

  test("a mail for a new password is withheld only while an earlier one still works", async () => {
    const email = await register();
    const ask = () => shop.call("users.password-resets.request", { email }, { as: { kind: "guest" } });
    for (let n = 0; n < 6; n += 1) await ask();
    await until(async () => (await statusOf(email)).every(({ status }) => status !== "waiting"));
    expect(await server.received(6)).toHaveLength(6);
    await databaseOf().transaction(origin, (tx) =>
      databaseOf().execute("UPDATE one_time_tokens SET expires_at = 1", [], tx),
    );
    await ask();
    expect(await server.received(7)).toHaveLength(7);
    await ask();
    await until(async () => (await statusOf(email)).every(({ status }) => status !== "waiting"));
    expect(server.asked).toBe(7);
  });

  test("asking for a mail does the same work for known and unknown addresses, however often", async () => {
    const [known, unknown] = [await register(), `${newId()}@example.org`];
    for (const email of [known, unknown])
      for (let n = 0; n < 7; n += 1)
        await shop.call("users.password-resets.request", { email }, { as: { kind: "guest" } });
    const rows = async (email: string) =>
      databaseOf().select("SELECT id FROM mails WHERE recipient = ? AND kind = 'password-reset'", [email]);
    expect([(await rows(known)).length, (await rows(unknown)).length]).toEqual([7, 7]);
  });
});
