import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { MailRepository } from "../../services/users/data/mail-repository.ts";
import { newId } from "../../services/contract/ids.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
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
      env: { SMTP_URL: url, MAIL_FROM: "hello@books.example", SHOP_URL: "https://books.example/", SWEEP_INTERVAL_SECONDS: "1" },
    });
  });
  afterEach(async () => {
    await shop.stop();
    await server.stop();
  });

  const register = async () => {
    const email = `${newId()}@example.org`;
    await shop.call("users.register", { email, password: "a quiet long sentence", name: "Ada\u2028 <x>" }, { as: { kind: "guest" } });
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
    const [mail] = await server.takes(1);
    expect(mail?.to).toBe(email);
    expect(mail?.source).toMatch(/^From: hello@books\.example\r$/m);
    expect(mail?.source).toMatch(/^Message-ID: <[\w-]{36}@books\.example>\r$/im);
    expect(mail?.source.replaceAll("=\r\n", "").replaceAll("=3D", "=")).toMatch(
      /https:\/\/books\.example\/verify-email#token=[\w-]{43}\r$/m,
    );
    expect(mail?.source).not.toContain("Ada");
    await until(async () => (await statusOf(email))[0]?.status === "sent");
  });

  test("no token is kept readable: not in the mail's row, not in the outbox, not in the trail", async () => {
    const email = await register();
    const [mail] = await server.takes(1);
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

  test("while the mail server refuses, nobody waits for it, and the mail comes when it accepts", async () => {
    server.answers = [451];
    const email = await register();
    await until(async () => (await statusOf(email))[0]?.last_error !== null);
    expect(await statusOf(email)).toMatchObject([{ status: "waiting" }]);
    // The pause after the first failure is over.
    await databaseOf().transaction(origin, (tx) => databaseOf().execute("UPDATE mails SET due_at = 0", [], tx));
    const [mail] = await server.takes(1);
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
      // The letter is in, its sender never learns.
      return Promise.reject(Object.assign(new Error("gone"), { responseCode: 451 }));
    };
    const email = await register();
    await taken.promise;
    await until(async () => (await statusOf(email))[0]?.last_error !== null);
    await databaseOf().transaction(origin, (tx) => databaseOf().execute("UPDATE mails SET due_at = 0", [], tx));
    const [mail] = await server.takes(1);
    const [row] = await databaseOf().select<{ id: string }>("SELECT id FROM mails WHERE recipient = ?", [email]);
    expect(mail?.source).toContain(`<${row?.id}@books.example>`);
    expect(await databaseOf().select("SELECT token_hash FROM one_time_tokens")).toHaveLength(2);
  });

  test("two nodes do not send the same mail, and an expired claim is taken over", async () => {
    const database = databaseOf();
    const mails = new MailRepository(database);
    const mail = { id: newId(), kind: "password-changed", recipient: "x@example.org", userId: newId(), attempts: 0 } as const;
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
    for (let n = 0; n < 8; n += 1) await shop.call("users.password-resets.request", { email }, { as: { kind: "guest" } });
    expect(await server.takes(6)).toHaveLength(6);
    await shop.settled();
    expect(await databaseOf().select("SELECT id FROM mails WHERE kind = 'password-reset'")).toHaveLength(5);
  });
});
