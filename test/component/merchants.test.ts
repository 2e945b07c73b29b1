import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { merchantRoleNames } from "../../mixins/contract/permissions.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { sendHttp } from "../support/http.ts";
import { mailTo } from "../support/mailbox.ts";
import { application, callerOf, join, newMerchant, verifiedPerson } from "../support/merchant-of.ts";
import type { Person } from "../support/people.ts";
import { newPerson } from "../support/people.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

describe("merchants", () => {
  let shop: Shop;
  let ada: Person;
  let grace: Person;
  beforeAll(async () => {
    shop = await startShop({
      env: { SWEEP_INTERVAL_SECONDS: "3600", LOCALES: "en,ja", MERCHANT_COMMISSION_BASIS_POINTS: "800" },
    });
    [ada, grace] = await Promise.all([verifiedPerson(shop), verifiedPerson(shop)]);
  }, 60_000);
  afterAll(() => shop?.stop());

  const step = async (id: string, name: "approve" | "resume" | "suspend" | "close" | "reject") =>
    name === "approve" || name === "resume"
      ? shop.call(`merchants.${name}`, { id })
      : shop.call(`merchants.${name}`, { id, reason: "as agreed" });

  describe("live", () => {
    test("an applicant is owner at once, of a merchant that only staff and members see", async () => {
      const as = await callerOf(shop, ada);
      const made = await shop.call("merchants.apply", application("teapots"), { as });
      expect(made).toMatchObject({ slug: "teapots", status: "pending", products: 0, followers: 0 });
      await shop.settled();
      const member = await callerOf(shop, ada);
      expect(member.merchants).toEqual([{ merchantId: made.id, role: "owner" }]);
      expect(await shop.call("merchants.get", { idOrSlug: "teapots" }, { as: member })).toMatchObject({
        status: "pending",
      });
      await expect(
        shop.call("merchants.get", { idOrSlug: "teapots" }, { as: customer() }),
      ).rejects.toMatchObject({ type: "not-found" });
      await step(made.id, "approve");
      const page = await sendHttp(shop.url, { method: "GET", path: "/api/v1/merchants/teapots" });
      expect(JSON.parse(page.body)).toMatchObject({ id: made.id, status: "active" });
      expect(page.body).not.toContain("Ada Ltd");
    });

    test("each step leads where the table says, and no other is taken", async () => {
      const id = await newMerchant(shop, await newPerson(shop), { approve: false });
      await expect(step(id, "suspend")).rejects.toMatchObject({
        type: "illegal-transition",
        data: { from: "pending" },
      });
      const statuses = [];
      for (const name of ["approve", "suspend", "resume", "suspend", "close"] as const)
        statuses.push((await step(id, name)).status);
      expect(statuses).toEqual(["active", "suspended", "active", "suspended", "closed"]);
      for (const name of ["approve", "reject", "suspend", "resume", "close"] as const)
        await expect(step(id, name)).rejects.toMatchObject({ type: "illegal-transition" });
      const rejected = await newMerchant(shop, await newPerson(shop), { approve: false });
      expect(await step(rejected, "reject")).toMatchObject({ status: "rejected", reason: "as agreed" });
    });

    test("of two steps at once, one is taken", async () => {
      const id = await newMerchant(shop, await newPerson(shop), { approve: false });
      const outcomes = await Promise.allSettled([step(id, "approve"), step(id, "reject")]);
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    });

    test("a former address leads to the new one, and texts are in the client's language", async () => {
      const owner = await newPerson(shop);
      const id = await newMerchant(shop, owner, { slug: "old-name" });
      const as = await callerOf(shop, owner);
      const texts = { ja: { name: "茶" } };
      const changed = await shop.call(
        "merchants.update",
        { id, slug: "new-name", texts, expectedVersion: 2 },
        { as },
      );
      expect(changed).toMatchObject({ slug: "new-name", version: 3, texts });
      const moved = await sendHttp(shop.url, { method: "GET", path: "/api/v1/merchants/old-name" });
      expect([moved.status, moved.headers.get("location")]).toEqual([301, "/api/v1/merchants/new-name"]);
      expect(await shop.call("merchants.get", { idOrSlug: "new-name", locale: "ja" })).toMatchObject({
        name: "茶",
      });
      await expect(
        shop.call("merchants.update", { id, name: "Again", expectedVersion: 2 }, { as }),
      ).rejects.toMatchObject({ type: "precondition-failed" });
      await expect(shop.call("merchants.apply", application("new-name"), { as })).rejects.toMatchObject({
        type: "already-exists",
      });
    });

    test("the public list has those that are active, by the beginning of their name", async () => {
      const slug = `zebra-${newId()}`;
      await newMerchant(shop, await newPerson(shop), { slug });
      await newMerchant(shop, await newPerson(shop), { slug: `${slug}-2`, approve: false });
      const name = `MERCHANT ${slug}`;
      const seen = await shop.call("merchants.list", { name }, { as: customer() });
      expect(seen.items.map((each) => each.slug)).toEqual([slug]);
      const pending = { name, status: "pending" } as const;
      expect((await shop.call("merchants.list", pending)).items).toHaveLength(1);
      expect((await shop.call("merchants.list", pending, { as: customer() })).items).toEqual([]);
    });
  });

  describe("have members", () => {
    test("who accept an invitation that is mailed to those with an account, and tells nothing", async () => {
      const owner = await newPerson(shop);
      const id = await newMerchant(shop, owner);
      const as = await callerOf(shop, owner);
      const invite = (email: string) =>
        shop.call("merchants.members.invite", { id, email, role: "support" }, { as });
      const known = await invite(grace.email);
      const unknown = await invite(`${newId()}@example.org`);
      expect(Object.keys(known)).toEqual(Object.keys(unknown));
      await mailTo(shop.dataDir, grace.email, /invited to work/);

      const invited = await callerOf(shop, grace);
      const { items } = await shop.call("merchants.my-invitations.list", {}, { as: invited });
      expect(items).toMatchObject([{ id: known.id, merchant: { id }, role: "support" }]);
      await expect(
        shop.call("merchants.my-invitations.accept", { id: unknown.id }, { as: invited }),
      ).rejects.toMatchObject({ type: "not-found" });
      const accept = () => shop.call("merchants.my-invitations.accept", { id: known.id }, { as: invited });
      const outcomes = await Promise.allSettled([accept(), accept(), accept()]);
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      await shop.settled();
      expect((await callerOf(shop, grace)).merchants).toContainEqual({ merchantId: id, role: "support" });
      expect((await shop.call("merchants.members.list", { id }, { as })).items).toMatchObject([
        { email: owner.email, role: "owner" },
        { email: grace.email, role: "support" },
      ]);
    });

    test("but not through an address that is not verified", async () => {
      const id = await newMerchant(shop, await newPerson(shop));
      const unverified = await newPerson(shop);
      const { email } = unverified;
      const invitation = await shop.call("merchants.members.invite", { id, email, role: "owner" });
      const as = await callerOf(shop, unverified);
      expect(await shop.call("merchants.my-invitations.list", {}, { as })).toMatchObject({ items: [] });
      await expect(
        shop.call("merchants.my-invitations.accept", { id: invitation.id }, { as }),
      ).rejects.toMatchObject({ type: "not-found" });
    });

    test("at least one of whom stays owner, whoever leaves at once", async () => {
      const [first, second] = await Promise.all([verifiedPerson(shop), verifiedPerson(shop)]);
      const id = await newMerchant(shop, first);
      const lone = await callerOf(shop, first);
      await expect(shop.call("merchants.mine.leave", { id }, { as: lone })).rejects.toMatchObject({
        type: "illegal-transition",
      });
      await join(shop, id, second, "owner");
      const both = await Promise.all([callerOf(shop, first), callerOf(shop, second)]);
      const outcomes = await Promise.allSettled(
        both.map((as) => shop.call("merchants.mine.leave", { id }, { as })),
      );
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      await shop.settled();
      const memberships = await Promise.all([callerOf(shop, first), callerOf(shop, second)]);
      expect(memberships.flatMap(({ merchants = [] }) => merchants)).toEqual([
        { merchantId: id, role: "owner" },
      ]);
    });

    test("who lose and get roles, and return", async () => {
      const [owner, other] = await Promise.all([newPerson(shop), verifiedPerson(shop)]);
      const id = await newMerchant(shop, owner);
      const as = await callerOf(shop, owner);
      await join(shop, id, other, "stock-keeper");
      const { userId } = other;
      const roleNow = async () => {
        await shop.settled();
        return (await callerOf(shop, other)).merchants?.[0]?.role;
      };
      await shop.call("merchants.members.update", { id, userId, role: "accountant" }, { as });
      expect(await roleNow()).toBe("accountant");
      await shop.call("merchants.members.remove", { id, userId }, { as });
      expect(await roleNow()).toBeUndefined();
      await join(shop, id, other, "merchandiser");
      expect(await roleNow()).toBe("merchandiser");
      expect(await shop.call("merchants.mine.list", {}, { as: await callerOf(shop, other) })).toMatchObject({
        items: [{ merchant: { id }, role: "merchandiser" }],
      });
    });

    test("who manage others only as owners", async () => {
      const id = await newMerchant(shop, await newPerson(shop));
      for (const role of merchantRoleNames.filter((name) => name !== "owner")) {
        const as = { ...customer(), merchants: [{ merchantId: id, role }] };
        await expect(shop.call("merchants.members.list", { id }, { as })).rejects.toMatchObject({
          type: "forbidden",
        });
      }
    });

    test("no more than twenty memberships a user, even when they begin at once", async () => {
      const eager = await newPerson(shop);
      const as = await callerOf(shop, eager);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 25 }, () => shop.call("merchants.apply", application(), { as })),
      );
      const refused = outcomes.filter(({ status }) => status === "rejected");
      expect(refused).toHaveLength(5);
      expect(refused.every((each) => "reason" in each && each.reason.type === "limit-reached")).toBe(true);
      await shop.settled();
      expect((await callerOf(shop, eager)).merchants).toHaveLength(20);
    });

    test("whose memberships end with their account", async () => {
      const gone = await newPerson(shop);
      const id = await newMerchant(shop, gone);
      const as = await callerOf(shop, gone);
      const followed = await newMerchant(shop, await newPerson(shop));
      await shop.call("merchants.followed.add", { id: followed }, { as });
      await shop.call("users.me.delete", {}, { as });
      await shop.settled();
      expect((await shop.call("merchants.members.list", { id })).items).toEqual([]);
      expect(await shop.call("merchants.profile", { id })).toMatchObject({ applicantId: null });
      expect(await shop.call("merchants.get", { idOrSlug: followed })).toMatchObject({ followers: 0 });
    });
  });

  describe("have terms", () => {
    test("that begin with the setting, and hold from a time on", async () => {
      const owner = await newPerson(shop);
      const id = await newMerchant(shop, owner);
      const as = await callerOf(shop, owner);
      const first = await shop.call("merchants.terms.get", { id }, { as });
      expect(first).toMatchObject({ version: 1, items: [{ version: 1, basisPoints: 800, categories: [] }] });
      const validFrom = new Date(Date.now() + 60_000).toISOString();
      const categories = [{ categoryId: newId(), basisPoints: 500 }];
      const change = { id, basisPoints: 900, categories, validFrom, expectedVersion: 1 };
      const second = await shop.call("merchants.terms.set", change);
      expect(second.items[0]).toMatchObject({ version: 2, validFrom, basisPoints: 900, categories });
      await expect(shop.call("merchants.terms.set", change)).rejects.toMatchObject({
        type: "precondition-failed",
      });
      const past = { ...change, validFrom: new Date(0).toISOString(), expectedVersion: 2 };
      await expect(shop.call("merchants.terms.set", past)).rejects.toMatchObject({
        type: "validation-failed",
      });
      await expect(shop.call("merchants.terms.set", change, { as })).rejects.toMatchObject({
        type: "forbidden",
      });
    });
  });

  describe("have followers", () => {
    test("who count once, whatever they do at once", async () => {
      const id = await newMerchant(shop, await newPerson(shop));
      const as = customer();
      const follow = () => shop.call("merchants.followed.add", { id }, { as });
      await Promise.all(Array.from({ length: 10 }, follow));
      expect((await shop.call("merchants.profile", { id })).followers).toBe(1);
      expect((await shop.call("merchants.followed.list", {}, { as })).items).toMatchObject([
        { merchantId: id },
      ]);
      const unfollow = () => shop.call("merchants.followed.remove", { id }, { as });
      const outcomes = await Promise.allSettled(Array.from({ length: 5 }, unfollow));
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect((await shop.call("merchants.profile", { id })).followers).toBe(0);
    });
  });
});
