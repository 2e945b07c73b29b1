import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { EventName, EventPayload } from "../../mixins/contract/calls.ts";
import type { UserCaller } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { findViolations } from "../../mixins/database/invariant.ts";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import type { Job, JobContext } from "../../mixins/service/jobs.ts";
import { jobContext } from "../../mixins/service/jobs.ts";
import { invariants } from "../../services/notifications/data/invariants.ts";
import { announceProducts } from "../../services/notifications/jobs/announce-products.job.ts";
import { removeOldNotifications } from "../../services/notifications/jobs/remove-old-notifications.job.ts";
import { sendMail } from "../../services/notifications/jobs/send-mail.job.ts";
import { sendSms } from "../../services/notifications/jobs/send-sms.job.ts";
import type { NotificationsDependencies } from "../../services/notifications/notifications.dependencies.ts";
import { until } from "../cluster/processes.ts";
import { sendHttp } from "../support/http.ts";
import { messagesIn } from "../support/messages.ts";
import { logIn, newApiKey, newPerson } from "../support/people.ts";
import type { Shop } from "../support/shop.ts";
import { deliver, startShop } from "../support/shop.ts";
import { ShopTraffic } from "../support/shop-traffic.ts";
import { MailServer } from "../support/smtp.ts";

type Running = Service & ServiceWithDatabase & { collaborators: NotificationsDependencies };
const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;

describe("notifications", () => {
  let server: MailServer;
  let shop: Shop;
  let traffic: ShopTraffic;
  beforeAll(async () => {
    server = new MailServer();
    const url = await server.start();
    shop = await startShop({
      env: {
        SMTP_URL: url,
        SHOP_URL: "https://books.example",
        API_URL: "https://api.books.example/",
        MAIL_FROM: "hello@books.example",
        SELLER_NAME: "Books",
        LOCALES: "en,zh-CN",
        SWEEP_INTERVAL_SECONDS: "3600",
      },
    });
    traffic = new ShopTraffic(shop.broker, Math.random);
  }, 240_000);
  afterAll(async () => {
    await shop?.stop();
    await server?.stop();
  });

  const service = () => shop.broker.getLocalService("notifications") as Running;
  const databaseOf = (name = "notifications") => (shop.broker.getLocalService(name) as Running).database;
  const change = async (sql: string, values: (string | number | null)[] = [], of = "notifications") =>
    databaseOf(of).transaction(origin, (tx) => databaseOf(of).execute(sql, values, tx));
  const run = async (job: Job<NotificationsDependencies>, changes: Partial<JobContext> = {}) =>
    job.run({ ...jobContext(service(), job.name), ...changes }, service().collaborators);
  const send = async () => {
    await shop.settled();
    await run(sendMail);
    await run(sendSms);
  };
  const emailOf = ({ userId }: { readonly userId: string }) => `${userId}@example.org`;
  /** Mail to an address, decoded, oldest first. */
  const mailTo = async (address: string) =>
    (await server.received(server.count))
      .filter(({ to, source }) => to === address && source.includes("Auto-Submitted"))
      .map(({ source }) => {
        const end = source.indexOf("\r\n\r\n");
        const bytes = source
          .slice(end)
          .replaceAll("=\r\n", "")
          .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
        return source.slice(0, end) + Buffer.from(bytes, "latin1").toString();
      });
  const inbox = async (as: UserCaller, locale?: string) =>
    (await shop.call("notifications.inbox.list", locale ? { locale } : {}, { as })).items;
  const deliveriesOf = async ({ userId }: { readonly userId: string }) =>
    databaseOf().select<{
      id: string;
      kind: string;
      channel: string;
      status: string;
      last_error: string | null;
    }>(
      `SELECT d.id, n.kind, d.channel, d.status, d.last_error FROM deliveries d
       JOIN notifications n ON n.id = d.notification_id WHERE n.customer_id = ? ORDER BY d.id`,
      [userId],
    );
  function event<N extends EventName>(name: N, payload: EventPayload<N>, occurredAt = Date.now()) {
    return { id: newId(), name, occurredAt, ...origin, payload } as EventEnvelope;
  }
  async function tell(...events: EventEnvelope[]): Promise<void> {
    const faults = await deliver(shop.broker, events, "notifications");
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  }
  const delivered = ({ userId: customerId }: UserCaller, number = "K7Q2-9XMD") =>
    event("orders.delivered", {
      orderId: newId(),
      number,
      customerId,
      shipmentId: newId(),
      carrier: null,
      trackingNumber: null,
      lines: [],
      complete: true,
    });
  const over = async (method: string, path: string, options: Partial<Parameters<typeof sendHttp>[1]> = {}) =>
    sendHttp(shop.url, { method, path: `/api/v1${path}`, ...options });

  test("a placed and paid order is told once, in the inbox and by mail, in the customer's language", async () => {
    const buyer = await traffic.newCustomer();
    await change(
      "UPDATE users SET locale = 'zh-CN', name = '<b>Ada</b>' WHERE id = ?",
      [buyer.userId],
      "users",
    );
    const [variantId = ""] = await traffic.stock(5);
    const order = await traffic.place(buyer, await traffic.fillCart(buyer, [[variantId, 2]]));
    await traffic.pay(order?.id ?? "");
    await send();
    await send();
    const mails = await mailTo(emailOf(buyer));
    expect(mails).toHaveLength(2);
    expect(mails[0]).toMatch(/^Content-Type: multipart\/alternative/m);
    expect(mails[0]).toMatch(/^Message-ID: <[\w-]{36}@books\.example>\r$/im);
    expect(mails.join()).not.toMatch(/List-Unsubscribe/i);
    expect(mails[0]).toContain(`https://books.example/orders/${order?.id}`);
    const shown = await inbox(buyer, "zh-CN");
    expect(shown.map(({ kind }) => kind)).toEqual(["order-paid", "order-placed"]);
    expect(shown[1]).toMatchObject({ subjectId: order?.id, readAt: null });
    expect(shown[1]?.text).toContain(`感谢您的订购：订单 ${order?.number}`);
    expect((await inbox(buyer))[1]?.text).toContain(`Thank you for your order ${order?.number}`);
  });

  test("the same event again changes nothing, also at the same time, and two senders send one mail", async () => {
    const buyer = await traffic.newCustomer();
    const same = delivered(buyer);
    await Promise.all([tell(same), tell(same, same)]);
    await Promise.all([run(sendMail), run(sendMail), run(sendMail)]);
    expect(await mailTo(emailOf(buyer))).toHaveLength(1);
    expect(await inbox(buyer)).toHaveLength(1);
  });

  test("values of others are text in HTML, and mail goes to the address of now", async () => {
    const buyer = await traffic.newCustomer();
    await tell(delivered(buyer, '<img src=x onerror="x">'));
    const address = `moved-${emailOf(buyer)}`;
    await change("UPDATE users SET email = ? WHERE id = ?", [address, buyer.userId], "users");
    await send();
    const [mail = ""] = await mailTo(address);
    expect(mail).toContain("&lt;img src&#61;x onerror&#61;&quot;x&quot;&gt;");
    expect(await mailTo(emailOf(buyer))).toEqual([]);
  });

  test("a mail server that refuses now is asked again under the same Message-ID, one that refuses for good is not", async () => {
    const [buyer, other] = [await traffic.newCustomer(), await traffic.newCustomer()];
    await tell(delivered(buyer));
    server.answers = [451];
    await run(sendMail);
    const [waiting] = await deliveriesOf(buyer);
    expect(waiting).toMatchObject({ status: "waiting", channel: "mail" });
    await run(sendMail);
    expect(await mailTo(emailOf(buyer))).toEqual([]);
    await change("UPDATE deliveries SET due_at = 1 WHERE id = ?", [waiting?.id ?? ""]);
    await run(sendMail);
    expect((await mailTo(emailOf(buyer)))[0]).toContain(`<${waiting?.id}@books.example>`);

    await tell(delivered(other));
    server.answers = [550];
    await run(sendMail);
    expect(await deliveriesOf(other)).toMatchObject([{ status: "failed" }, { channel: "sms" }]);
    await shop.settled();
    const { items } = await shop.call("audit.list", { type: "notifications.given-up" });
    expect(items.map(({ details }) => details["channel"])).toEqual(["mail"]);
    expect(await shop.call("notifications.summary", {})).toMatchObject([{ channel: "mail", failed: 1 }, {}]);

    await tell(delivered(other));
    const [late] = await databaseOf().select<{ id: string }>(
      "SELECT d.id FROM deliveries d WHERE d.status = 'waiting' AND d.channel = 'mail'",
    );
    await change("UPDATE deliveries SET ends_at = 1 WHERE id = ?", [late?.id ?? ""]);
    server.answers = [451];
    await run(sendMail);
    expect((await deliveriesOf(other)).filter(({ status }) => status === "failed")).toHaveLength(2);
  });

  test("SMS are for kinds that are switched on and a verified number, and go on while the mail server hangs", async () => {
    const buyer = await traffic.newCustomer();
    const phone = `+86138${String(Date.now()).slice(-8)}`;
    await change(
      "UPDATE users SET phone = ?, phone_verified_at = 1 WHERE id = ?",
      [phone, buyer.userId],
      "users",
    );
    const kinds = { "order-delivered": { sms: true }, "order-shipped": { sms: false } };
    await shop.call("notifications.preferences.put", { kinds }, { as: buyer });
    await tell(delivered(buyer));
    const hanging = Promise.withResolvers<void>();
    server.beforeAnswer = () => hanging.promise;
    const mail = run(sendMail);
    await run(sendSms);
    const messages = (await messagesIn(shop.dataDir)).filter(({ to }) => to === phone);
    expect(messages).toMatchObject([{ kind: "order-delivered", locale: "en" }]);
    expect(messages[0]?.text).toMatch(/^Books: a parcel of your order K7Q2-9XMD was delivered\.$/);
    expect((await deliveriesOf(buyer)).map(({ status }) => status).toSorted()).toEqual(["sending", "sent"]);
    server.beforeAnswer = () => Promise.resolve();
    hanging.resolve();
    await mail;
    expect(await mailTo(emailOf(buyer))).toHaveLength(1);
  });

  test("mail of orders and security is always sent, and what a kind does not have cannot be switched on", async () => {
    const person = await newPerson(shop);
    const put = (body: object) =>
      over("PUT", "/me/notification-preferences", { token: person.token, body: JSON.stringify(body) });
    for (const kinds of [
      { "order-placed": { mail: false } },
      { "new-sign-in": { mail: false } },
      { "price-fell": { sms: true } },
      { "no-kind": {} },
    ])
      expect((await put({ kinds })).status).toBe(422);
    expect((await put({ quietHours: { from: "22:00", to: "24:00" } })).status).toBe(422);
    expect((await put({ timeZone: "Mars/Olympus" })).status).toBe(422);
    const chosen = { quietHours: { from: "22:00", to: "07:00" }, timeZone: "Asia/Shanghai" };
    const kinds = { "order-placed": { inbox: false }, "price-fell": { mail: false } };
    expect((await put({ ...chosen, kinds })).status).toBe(200);
    const read = await over("GET", "/me/notification-preferences", { token: person.token });
    expect(JSON.parse(read.body)).toMatchObject({
      ...chosen,
      kinds: {
        "order-placed": { mail: true, inbox: false, sms: false },
        "price-fell": { mail: false, inbox: true },
        "back-in-stock": { mail: true, inbox: true },
      },
    });
    expect(JSON.parse((await put({})).body)).toMatchObject({ quietHours: null, timeZone: "UTC" });
  });

  test("a new sign-in and a new API key are told, a sign-in from a known device is not", async () => {
    const person = await newPerson(shop, "administrator");
    const as = { kind: "user", userId: person.userId } as UserCaller;
    await logIn(shop, person.email);
    await change("UPDATE users SET created_at = 1 WHERE id = ?", [person.userId], "users");
    await logIn(shop, person.email);
    await shop.settled();
    expect(await deliveriesOf(as)).toEqual([]);
    await change("UPDATE sign_ins SET user_agent = 'another' WHERE user_id = ?", [person.userId], "users");
    const { token } = await logIn(shop, person.email);
    await newApiKey(shop, { ...person, token }, ["orders:read"]);
    await send();
    const kinds = (await deliveriesOf(as)).map(({ kind, channel, status }) => `${kind} ${channel} ${status}`);
    expect(kinds.toSorted()).toEqual([
      "new-api-key mail sent",
      "new-sign-in mail sent",
      "new-sign-in sms skipped",
    ]);
    const mails = (await mailTo(person.email)).join("\n");
    expect(mails).toContain("Address: 127.0.0.1");
    expect(mails).toContain("the API key a machine was created");
  });

  async function favoured(customers: number, priceMinor = 1000) {
    const product = await shop.call("catalog.products.create", {
      slug: `p-${newId()}`,
      name: 'Mug "blue"',
      texts: { "zh-CN": { name: "杯子" } },
      status: "published",
      variants: [{ sku: `S-${newId()}`, priceMinor, options: {} }],
    });
    const owners: UserCaller[] = [];
    for (let n = 0; n < customers; n += 1) {
      const owner = await traffic.newCustomer();
      await shop.call("favourites.create", { productId: product.id }, { as: owner });
      owners.push(owner);
    }
    const setPrice = async (amount: number) => {
      const { version } = await shop.call("catalog.variants.get", { id: product.variants[0]?.id ?? "" });
      await shop.call("catalog.variants.update", {
        id: product.variants[0]?.id ?? "",
        priceMinor: amount,
        expectedVersion: version,
      });
      await shop.settled();
    };
    return { product, variantId: product.variants[0]?.id ?? "", owners, setPrice };
  }

  test("a lower price is told once to each who keeps the product, page by page, whatever is killed", async () => {
    const { product, owners, setPrice } = await favoured(3);
    const late = await traffic.newCustomer();
    await setPrice(900);
    await shop.call("favourites.create", { productId: product.id }, { as: late });
    await change("UPDATE favourites SET price_minor = 500 WHERE owner_id = ?", [late.userId], "favourites");
    const { call } = jobContext(service(), "announce-products");
    // One customer a page; the node is lost after the second page.
    let pages = 0;
    const cut = ((name: string, params: object) => {
      if (name !== "favourites.owners.list") return call(name as never, params as never);
      pages += 1;
      if (pages > 2) return Promise.reject(new Error("killed"));
      return call(name as never, { ...params, limit: 1 } as never);
    }) as JobContext["call"];
    await expect(run(announceProducts, { call: cut })).rejects.toThrow("killed");
    expect(await Promise.all(owners.map(async (owner) => (await inbox(owner)).length))).toHaveLength(3);
    await change("UPDATE announcements SET due_at = 1 WHERE due_at IS NOT NULL");
    await Promise.all([run(announceProducts), run(announceProducts)]);
    await send();
    for (const owner of owners) {
      expect((await inbox(owner)).map(({ text }) => text)).toEqual([
        'Mug "blue" now costs £9.00 instead of £10.00.',
      ]);
      expect((await inbox(owner, "zh-CN")).map(({ text }) => text)).toEqual([
        "杯子 现价 £9.00，原价 £10.00。",
      ]);
      expect(await mailTo(emailOf(owner))).toHaveLength(1);
    }
    expect(await inbox(late)).toEqual([]);
    // News of the same sort is told once a day.
    await setPrice(800);
    await run(announceProducts);
    expect(await inbox(owners[0] ?? late)).toHaveLength(1);
  });

  test("goods that are back are told, unless they are gone again; quiet hours and silence are kept", async () => {
    const { variantId, owners } = await favoured(3);
    const [quiet, silent, third] = owners as [UserCaller, UserCaller, UserCaller];
    const hours = { from: "00:00", to: "23:59" };
    await shop.call("notifications.preferences.put", { quietHours: hours }, { as: quiet });
    const off = { "back-in-stock": { mail: false, inbox: false } };
    await shop.call("notifications.preferences.put", { kinds: off }, { as: silent });
    const receive = (quantity: number) =>
      shop.call("catalog.stock.change", { variantId, kind: "adjust", quantity, reason: "count" });
    await receive(5);
    await receive(5);
    await shop.settled();
    await run(announceProducts);
    await send();
    expect(await inbox(third)).toMatchObject([{ kind: "back-in-stock" }]);
    expect(await mailTo(emailOf(third))).toHaveLength(1);
    expect(await inbox(silent)).toEqual([]);
    expect(await deliveriesOf(silent)).toMatchObject([{ status: "skipped", last_error: "not-wanted" }]);
    expect(await inbox(quiet)).toHaveLength(1);
    const now = new Date();
    const isLastMinute = now.getUTCHours() === 23 && now.getUTCMinutes() === 59;
    expect(await deliveriesOf(quiet)).toMatchObject([{ status: isLastMinute ? "sent" : "waiting" }]);

    const gone = await favoured(1);
    const stock = { variantId: gone.variantId, kind: "adjust", reason: "count" } as const;
    await shop.call("catalog.stock.change", { ...stock, quantity: 1 });
    await shop.call("catalog.stock.change", { ...stock, quantity: -1 });
    await shop.settled();
    await run(announceProducts);
    expect(await inbox(gone.owners[0] ?? third)).toEqual([]);
  });

  test("one click in a mail about a favourite ends mail of its kind, and a forged link does nothing", async () => {
    const { owners, setPrice } = await favoured(1);
    const [owner] = owners as [UserCaller];
    await setPrice(700);
    await run(announceProducts);
    await send();
    const [mail = ""] = await mailTo(emailOf(owner));
    expect(mail).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
    const [, token = ""] =
      /^List-Unsubscribe:\s+<https:\/\/api\.books\.example\/api\/v1\/notifications\/unsubscribe\?token=([\w-]+)>/m.exec(
        mail,
      ) ?? [];
    expect(token).not.toBe("");
    expect(mail).toContain(`https://books.example/unsubscribe#token=${token}`);
    const click = (given: string, type = "application/x-www-form-urlencoded") =>
      over("POST", `/notifications/unsubscribe?token=${given}`, {
        headers: { "content-type": type },
        body: "List-Unsubscribe=One-Click",
      });
    expect((await click(`${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`)).status).toBe(404);
    expect((await click("")).status).toBe(404);
    expect((await click(token, "application/json")).status).toBe(415);
    expect((await over("GET", `/notifications/unsubscribe?token=${token}`)).status).toBe(405);
    const wants = async () => (await shop.call("notifications.preferences.get", {}, { as: owner })).kinds;
    expect(await wants()).toMatchObject({ "price-fell": { mail: true } });
    expect((await click(token)).status).toBe(204);
    expect((await click(token)).status).toBe(204);
    expect(await wants()).toMatchObject({
      "price-fell": { mail: false, inbox: true },
      "back-in-stock": { mail: true },
    });
  });

  test("staff write templates, which are checked, previewed and used; others cannot", async () => {
    const staff = await newPerson(shop, "administrator");
    const path = "/notifications/templates/order-delivered/en";
    const as = (token: string) => async (method: string, suffix: string, body?: object, version?: number) => {
      const headers: Record<string, string> = version === undefined ? {} : { "if-match": `"${version}"` };
      const sent = body ? { body: JSON.stringify(body) } : {};
      return over(method, path + suffix, { token, headers, ...sent });
    };
    const office = as(staff.token);
    const read = JSON.parse((await office("GET", "")).body) as Record<string, unknown>;
    expect(read).toMatchObject({
      version: 1,
      variables: expect.arrayContaining(["number", "url"]) as unknown,
    });
    const content = {
      subject: "Here! {{number}}",
      text: "{{number}}",
      html: "<p>{{number}}</p>",
      short: "Here.",
    };
    expect((await office("PUT", "", content)).status).toBe(428);
    const bad = { ...content, html: '<p onclick="x">{{customer.name}}</p>' };
    for (const answer of [
      await office("PUT", "", bad, 1),
      await office("POST", "/preview", { html: "{{{number}}}" }),
    ])
      expect([answer.status, answer.body]).toEqual([422, expect.stringContaining("bad-template")]);
    const preview = await office("POST", "/preview", { html: "<b>{{customer}}</b> {{number}}" });
    expect(JSON.parse(preview.body)).toMatchObject({ html: "<b>Ada Lovelace</b> K7Q2-9XMD" });
    expect(JSON.parse((await office("PUT", "", content, 1)).body)).toMatchObject({ version: 2 });
    expect((await office("PUT", "", content, 1)).status).toBe(412);
    expect(
      (await over("GET", "/notifications/templates/order-delivered/fr", { token: staff.token })).status,
    ).toBe(404);
    const stranger = as((await newPerson(shop)).token);
    expect((await stranger("GET", "")).status).toBe(403);
    const buyer = await traffic.newCustomer();
    await tell(delivered(buyer, "N-1"));
    await send();
    expect((await mailTo(emailOf(buyer)))[0]).toMatch(/^Subject: Here! N-1\r$/m);
    expect(await inbox(buyer)).toMatchObject([{ title: "Here! N-1", text: "Here." }]);
    expect((await inbox(buyer, "zh-CN"))[0]?.title).toContain("已送达");
  });

  test("an inbox is read by its owner alone, one by one or as a whole", async () => {
    const [owner, other] = [await traffic.newCustomer(), await traffic.newCustomer()];
    await tell(delivered(owner, "1"), delivered(owner, "2"), delivered(owner, "3"));
    const unread = async () =>
      (await shop.call("notifications.inbox.count-unread", {}, { as: owner })).unread;
    const list = async (of: boolean) =>
      (await shop.call("notifications.inbox.list", { unread: of, limit: 2 }, { as: owner })).items.length;
    const [first] = await inbox(owner);
    const id = first?.id ?? "";
    const read = (as: UserCaller) => shop.call("notifications.inbox.read", { id }, { as });
    await expect(read(other)).rejects.toMatchObject({ type: "not-found" });
    expect(await unread()).toBe(3);
    await Promise.all([read(owner), read(owner)]);
    const [{ readAt } = { readAt: null }] = await inbox(owner);
    expect(readAt).not.toBeNull();
    await read(owner);
    expect((await inbox(owner))[0]?.readAt).toBe(readAt);
    expect([await unread(), await list(true), await list(false)]).toEqual([2, 2, 1]);
    await shop.call("notifications.inbox.read-all", {}, { as: other });
    expect(await unread()).toBe(2);
    await shop.call("notifications.inbox.read-all", {}, { as: owner });
    expect([await unread(), await list(true)]).toEqual([0, 0]);
  });

  test("a deleted account is told nothing, and leaves nothing behind; old notifications go too", async () => {
    const [buyer, other] = [await traffic.newCustomer(), await traffic.newCustomer()];
    await tell(delivered(buyer), delivered(other));
    await shop.call("notifications.preferences.put", {}, { as: buyer });
    const left = async ({ userId }: UserCaller) => {
      const database = databaseOf();
      const of = async (table: string) =>
        (await database.select(`SELECT 1 AS one FROM ${table} WHERE customer_id = ?`, [userId])).length;
      return (
        (await of("notifications")) + (await of("preferences")) + (await deliveriesOf({ userId })).length
      );
    };
    expect(await left(buyer)).toBe(4);
    await tell(event("users.account-deleted", { userId: buyer.userId }));
    expect(await left(buyer)).toBe(0);
    await change("UPDATE users SET status = 'deleted' WHERE id = ?", [buyer.userId], "users");
    await tell(delivered(buyer));
    await send();
    expect(await mailTo(emailOf(buyer))).toEqual([]);
    expect((await deliveriesOf(buyer)).map(({ last_error }) => last_error)).toEqual([
      "no-account",
      "no-account",
    ]);
    expect(await left(other)).toBe(3);
    await change("UPDATE notifications SET created_at = 1 WHERE customer_id = ?", [other.userId]);
    await run(removeOldNotifications);
    expect(await left(other)).toBe(0);
  });

  test("guests are told by the address of their order", async () => {
    const { notifications } = service().collaborators;
    const email = `guest-${newId()}@example.org`;
    const recipient = { customerId: null, email, phone: null, locale: "zh-CN" };
    const values = { number: "G-1" };
    const news = {
      sourceId: newId(),
      kind: "order-delivered",
      subjectId: newId(),
      values,
      occurredAt: 1,
    } as const;
    for (const inInbox of [true, false])
      await databaseOf().transaction(origin, (tx) =>
        notifications.add(news, { recipient, inInbox }, ["mail", "sms"], Date.now(), tx),
      );
    await send();
    expect(await mailTo(email)).toHaveLength(1);
  });

  test("nothing is left over, and the invariants hold", async () => {
    await until(async () => {
      await send();
      const sql = "SELECT id FROM deliveries WHERE due_at <= ?";
      return (await databaseOf().select(sql, [Date.now()])).length === 0;
    });
    const moments = { now: Date.now(), graceMs: 0, keysRetainedSince: 0, inboxRetainedSince: 0 };
    const context = { moments, config: configOf(shop.broker) };
    for (const invariant of invariants.filter(({ code }) => code !== "notifications.given-up")) {
      const found = await findViolations(databaseOf(), invariant, { after: "", upTo: undefined }, context);
      expect([invariant.code, found]).toEqual([invariant.code, []]);
    }
  });
});
