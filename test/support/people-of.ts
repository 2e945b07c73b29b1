import { setTimeout as pause } from "node:timers/promises";
import { decodeJwt } from "jose";
import type { Input } from "../../mixins/contract/calls.ts";
import type { UserCaller } from "../../mixins/contract/caller.ts";
import { guest } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { totpCode, totpStep } from "../../services/users/domain/totp.ts";
import { receive } from "./buyers.ts";
import { application } from "./merchant-of.ts";
import { testPassword as password } from "./people.ts";
import type { Shop } from "./shop.ts";
import { customer } from "./shop.ts";
import { ShopTraffic } from "./shop-traffic.ts";

const address = { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1 1AA", country: "GB" };

/** Creates accounts in every state with their data, and a catalogue edited by staff. */
export async function peopleOf(shop: Shop): Promise<void> {
  const [ada, grace, joan, gone] = [
    await newcomer(shop),
    await newcomer(shop),
    await newcomer(shop),
    await newcomer(shop),
  ];
  await shop.call("users.addresses.add", { label: "home", address }, { as: ada });
  await shop.call("users.logout", {}, { as: await logIn(shop, await emailOf(shop, ada)) });
  await shop.call("users.password-resets.request", { email: await emailOf(shop, ada) }, { as: guest });
  await shop
    .call("users.login", { email: await emailOf(shop, ada), password: "wrong" }, { as: guest })
    .catch(() => undefined);

  const { secret } = await shop.call("users.two-factor.begin", {}, { as: ada });
  await shop.call("users.two-factor.confirm", { code: totpCode(secret, totpStep(Date.now())) }, { as: ada });
  await shop
    .call("users.login", { email: await emailOf(shop, ada), password }, { as: guest })
    .catch(() => undefined);
  await shop.call("users.two-factor.begin", {}, { as: joan });

  await shop.call("users.roles.create", {
    name: "clerk",
    summary: "Looks at orders",
    permissions: ["orders:read", "orders:write"],
  });
  const { version } = await shop.call("users.roles.get", { name: "clerk" });
  await shop.call("users.roles.update", {
    name: "clerk",
    expectedVersion: version,
    permissions: ["orders:read"],
  });
  await staffChange(shop, grace, { role: "clerk" });
  await staffChange(shop, joan, { status: "disabled" });
  await shop.call("users.me.delete", {}, { as: gone });
  await shop.call("users.api-keys.create", {
    name: "a till",
    permissions: ["orders:read"],
    expiresInDays: 10,
  });
  const { id } = await shop.call("users.api-keys.create", {
    name: "another",
    permissions: ["orders:read"],
    expiresInDays: 10,
  });
  await shop.call("users.api-keys.revoke", { id });
  await shop.call("users.me.update", { name: "Grace" }, { as: grace });

  await workOnCatalogue(shop);
  await sellInMall(shop, await newcomer(shop), ada);
  await shop.settled();
}

/** A new, logged-in customer. */
async function newcomer(shop: Shop): Promise<UserCaller> {
  const email = `${newId()}@example.org`;
  await shop.call("users.register", { email, password, name: "Ada" }, { as: guest });
  return logIn(shop, email);
}

async function logIn(shop: Shop, email: string): Promise<UserCaller> {
  const { refreshToken } = await shop.call("users.login", { email, password }, { as: guest });
  const { accessToken } = await shop.call("users.refresh", { refreshToken }, { as: guest });
  const { sub, sid } = decodeJwt<{ sid: string }>(accessToken);
  return { ...customer(sub), sessionId: sid };
}

async function emailOf(shop: Shop, { userId }: UserCaller): Promise<string> {
  return (await shop.call("users.get", { id: userId })).email;
}

async function staffChange(
  shop: Shop,
  { userId: id }: UserCaller,
  change: Pick<Input<"users.update">, "role" | "status">,
) {
  const { version } = await shop.call("users.get", { id });
  await shop.call("users.update", { id, expectedVersion: version, ...change });
}

/** A merchant with a product that was reviewed, a follower, an invitation and terms. */
async function sellInMall(shop: Shop, trader: UserCaller, follower: UserCaller): Promise<void> {
  const { id } = await shop.call("merchants.apply", application("teapots"), { as: trader });
  await shop.call("merchants.approve", { id });
  await shop.settled();
  const as: UserCaller = { ...trader, merchants: [{ merchantId: id, role: "owner" }] };
  const variants = [{ sku: "POT-1", priceMinor: 2500, options: {} }];
  const made = await shop.call(
    "catalog.products.create",
    { slug: "teapot", name: "Teapot", status: "published", variants },
    { as },
  );
  const variantId = made.variants[0]?.id ?? "";
  await shop.call("catalog.stock.change", { variantId, kind: "receive", quantity: 10, reason: "delivery" });
  const { buyer, productId, lineId } = await receive(new ShopTraffic(shop.broker, () => 0.99), variantId);
  await shop.settled();
  await shop.call("reviews.create", { productId, lineId, rating: 4 }, { as: buyer });
  await shop.call("merchants.members.invite", { id, email: "joan@example.org", role: "support" }, { as });
  await shop.call("merchants.terms.set", { id, basisPoints: 1200, expectedVersion: 1 });
  await shop.call("merchants.followed.add", { id }, { as: follower });
}

async function workOnCatalogue(shop: Shop): Promise<void> {
  const top = await shop.call("catalog.categories.create", { slug: "kitchen", name: "Kitchen" });
  const below = await shop.call("catalog.categories.create", {
    slug: "mugs",
    name: "Mugs",
    parentId: top.id,
  });
  await shop.call("catalog.categories.update", {
    id: below.id,
    expectedVersion: below.version,
    name: "Mugs and Cups",
  });
  const colour = await shop.call("catalog.attributes.create", {
    code: "colour",
    name: "Colour",
    kind: "multiple-choice",
    choices: [{ code: "blue", label: "Blue" }],
  });
  const type = await shop.call("catalog.types.create", {
    slug: "mugs",
    name: "Mugs",
    attributes: [{ code: colour.code, required: true }],
  });
  const made = await shop.call("catalog.products.create", {
    slug: "blue-mug",
    name: "Blue Mug",
    description: "Holds tea",
    status: "published",
    categoryId: below.id,
    typeId: type.id,
    attributes: { colour: ["blue"] },
    variants: [
      { sku: "MUG-S", priceMinor: 700, options: { size: "S" } },
      { sku: "MUG-L", priceMinor: 900, options: { size: "L" } },
    ],
  });
  const { id, version } = made;
  await shop.call("catalog.products.update", {
    id,
    expectedVersion: version,
    description: "Holds tea and coffee",
  });
  const dearest = made.variants.find(({ sku }) => sku === "MUG-L");
  await shop.call("catalog.variants.update", { id: dearest?.id ?? "", expectedVersion: 1, priceMinor: 1000 });
  const coupon = { code: "PEOPLE", discount: { kind: "percent", basisPoints: 1000 } } as const;
  const issued = await shop.call("orders.coupons.create", coupon);
  await shop.call("orders.coupons.update", {
    code: issued.code,
    expectedVersion: issued.version,
    totalLimit: 50,
  });

  const { task } = await shop.call("catalog.exports.start", {});
  while ((await shop.call("catalog.tasks.get", { id: task.id })).state !== "succeeded") await pause(20);
}
