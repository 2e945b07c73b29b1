import { randomInt } from "node:crypto";
import type { Service } from "moleculer";
import { z } from "zod";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { OrdersDependencies } from "../../services/orders/orders.dependencies.ts";
import { endpointsOf } from "../../services/api/routing/endpoints.ts";
import type { ActionContract } from "../../mixins/contract/contract.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { sendHttp } from "./http.ts";
import { blackPng } from "./images/hostile-images.ts";
import type { Person } from "./people.ts";
import { application } from "./merchant-of.ts";
import { logIn, newPerson } from "./people.ts";
import { restClient } from "./rest-client.ts";
import type { Shop } from "./shop.ts";
import { allContracts } from "./all-contracts.ts";

export const homeAddress = {
  name: "Ada",
  line1: "1 Row",
  city: "London",
  postalCode: "N1 1AA",
  country: "GB",
};

/** Resources of a paid order. */
export interface PaidOrder {
  readonly id: string;
  readonly lineId: string;
  readonly partId: string;
  readonly shipmentId: string;
  readonly refundId: string;
}

/** One customer's resources and the staff's, of each kind that a path can name. */
export interface Fixtures {
  readonly owner: Person;
  readonly staff: Person;
  readonly auditor: Person;
  /** Owner of a merchant. */
  readonly trader: Person;
  readonly merchantId: string;
  /** Is on sale. */
  readonly productId: string;
  readonly variantId: string;
  /** Of the owner. */
  readonly cartId: string;
  readonly guestCart: { readonly id: string; readonly token: string };
  readonly addressId: string;
  readonly paid: PaidOrder;
  readonly unpaidOrderId: string;
  /**
   * Values by path prefix: `/orders/{}` is an order's id. Null for resources without an owner: public ones,
   * staff's, or secrets.
   */
  readonly byPathParameter: Readonly<Record<string, readonly string[] | null>>;
  /** The same of what is the merchant's, for routes of its members. */
  readonly ofMerchant: Readonly<Record<string, readonly string[]>>;
}

/** Creates one of each resource for a customer and for staff, over REST. */
export async function createFixtures(shop: Shop): Promise<Fixtures> {
  const [owner, staff, auditor, applicant] = await Promise.all([
    newPerson(shop),
    newPerson(shop, "administrator"),
    newPerson(shop, "auditor"),
    newPerson(shop),
  ]);
  const as = (person?: Person) => restClient(shop, person);
  type Named = { readonly id: string };
  const [own, office, guest] = [as(owner), as(staff), as()];

  const { id: merchantId } = await as(applicant)<Named>("POST", "/merchants", application());
  await office("POST", `/merchants/${merchantId}/approvals`);
  // Its owner's permissions come with an event; gateways remember a session for a second.
  await shop.settled();
  const trader = await logIn(shop, applicant.email);
  const selling = as(trader);
  const sold = await selling<{ id: string; variants: Named[] }>("POST", "/products", {
    slug: `p-${newId()}`,
    name: "Teapot",
    status: "published",
    variants: [{ sku: `S-${newId()}`, priceMinor: 1000, options: {} }],
  });
  const uploaded = await sendHttp(shop.url, {
    method: "POST",
    path: `/api/v1/products/${sold.id}/images`,
    token: trader.token,
    headers: { "content-type": "image/png" },
    body: blackPng(2, 2),
  });
  const picture = JSON.parse(uploaded.body) as { image: Named };
  const ownCategory = await selling<Named>("POST", `/merchants/${merchantId}/categories`, { name: "Pots" });
  const { code: couponCode } = await selling<{ code: string }>("POST", "/coupons", {
    code: `M-${newId().slice(-12)}`,
    discount: { kind: "percent", basisPoints: 1000 },
  });
  const shippingZone = await selling<Named>("POST", "/shipping-zones", {
    name: "Home",
    areas: [{ on: "country", country: "IS" }],
  });
  const shippingMethod = await selling<Named>("POST", "/shipping-methods", {
    zoneId: shippingZone.id,
    name: "Parcel",
    price: { by: "flat", amountMinor: 500 },
  });
  const invitation = await selling<Named>("POST", `/merchants/${merchantId}/members`, {
    email: owner.email,
    role: "support",
  });

  const onSale = async () => {
    const { id, variants } = await office<{ id: string; variants: Named[] }>("POST", "/products", {
      slug: `p-${newId()}`,
      name: "Mug",
      status: "published",
      variants: [{ sku: `S-${newId()}`, priceMinor: 1000, options: {} }],
    });
    const bought = variants[0]?.id ?? "";
    const delivery = { kind: "receive", quantity: 100, reason: "delivery" };
    await office("PATCH", `/variants/${bought}/stock`, delivery);
    return { productId: id, variantId: bought };
  };
  const { productId, variantId } = await onSale();
  const traders = await onSale();
  await giveToMerchant(shop, traders.productId, merchantId);

  const { id: addressId } = await own<Named>("POST", "/me/addresses", {
    label: "Home",
    address: homeAddress,
  });
  interface Placed {
    readonly id: string;
    readonly lines: Named[];
    readonly parts: Named[];
  }
  const place = async (bought = variantId): Promise<Placed> => {
    const { id: cartId } = await own<Named>("POST", "/carts");
    await own("POST", `/carts/${cartId}/items`, { variantId: bought, quantity: 3 });
    const { total } = await own<{ total: object }>("GET", `/carts/${cartId}/quote`);
    const request = { cartId, total, shippingAddress: { addressId } };
    const order = await own<Placed>("POST", "/orders", request, {
      "idempotency-key": newId(),
    });
    // Until then the cart still contains the ordered items.
    await shop.settled();
    return order;
  };
  const payAndSend = async (bought?: string): Promise<PaidOrder> => {
    const { id, lines, parts } = await place(bought);
    const lineId = lines[0]?.id ?? "";
    const keyed = { "idempotency-key": newId() };
    await office("POST", `/orders/${id}/payments`, { provider: "manual" }, keyed);
    const shipment = await office<Named>(
      "POST",
      `/orders/${id}/shipments`,
      { status: "packed", lines: [{ lineId, quantity: 1 }] },
      keyed,
    );
    const refund = await office<Named>(
      "POST",
      `/orders/${id}/refunds`,
      { amount: { amount: 1, currency: "GBP" }, reason: "late" },
      keyed,
    );
    return { id, lineId, partId: parts[0]?.id ?? "", shipmentId: shipment.id, refundId: refund.id };
  };
  const paid = await payAndSend();
  const tradersOrder = await payAndSend(traders.variantId);
  const { id: afterSaleId } = await own<Named>(
    "POST",
    `/orders/${paid.id}/after-sales`,
    { kind: "refund-only", reason: "late", lines: [{ lineId: paid.lineId, quantity: 1 }] },
    { "idempotency-key": newId() },
  );
  const message = await own<Named>("POST", `/after-sales/${afterSaleId}/messages`, { text: "Where is it?" });
  const { id: unpaidOrderId } = await place();
  const review = async () => {
    const { id, lines } = await place();
    const keyed = { "idempotency-key": newId() };
    await office("POST", `/orders/${id}/payments`, { provider: "manual" }, keyed);
    const shipment = await office<Named>("POST", `/orders/${id}/shipments`, {}, keyed);
    const delivered = { status: "delivered" };
    await office("PATCH", `/orders/${id}/shipments/${shipment.id}`, delivered, { "if-match": '"1"' });
    await shop.settled();
    return own<Named>("POST", `/products/${productId}/reviews`, { lineId: lines[0]?.id, rating: 5 });
  };
  const { id: reviewId } = await review();
  const { id: replyId } = await own<Named>("POST", `/reviews/${reviewId}/replies`, { text: "Ask me" });

  const { id: cartId } = await own<Named>("POST", "/carts");
  const { items } = await own<{ items: Named[] }>("POST", `/carts/${cartId}/items`, {
    variantId,
    quantity: 2,
  });
  const guestCart = await guest<{ id: string; token: string }>("POST", "/carts");
  const guestItems = await guest<{ items: Named[] }>(
    "POST",
    `/carts/${guestCart.id}/items`,
    { variantId, quantity: 1 },
    { "x-cart-token": guestCart.token },
  );
  const { id: verificationId } = await own<Named>("POST", "/me/phone-verifications", {
    phone: `+86138${randomInt(10_000_000, 100_000_000)}`,
  });
  await logIn(shop, owner.email);
  const paymentMethodId = await savePaymentMethod(shop, owner.userId);
  const sessions = await own<{ items: Named[] }>("GET", "/me/sessions");
  const notifications = await own<{ items: Named[] }>("GET", "/me/notifications");
  const { task } = await office<{ task: Named }>("POST", "/products/exports", {});
  const audited = await as(auditor)<{ task: Named }>("POST", "/audit-events/exports", {});
  const known = { productId, variantId, orderId: paid.id, cartId, addressId };
  const created = owned.map(async ({ place, contract, path }) => {
    const { id } = await own<Named>("POST", path, bodyFor(contract, known));
    return [place, [id]] as const;
  });
  const isFinished = async (path: string) =>
    (await office<{ state: string }>("GET", path)).state === "succeeded";
  while (
    !(await isFinished(`/tasks/${task.id}`)) ||
    !(await isFinished(`/audit-events/exports/${audited.task.id}`))
  );

  return {
    owner,
    staff,
    auditor,
    trader,
    merchantId,
    productId,
    variantId,
    cartId,
    guestCart,
    addressId,
    paid,
    unpaidOrderId,
    byPathParameter: {
      ...Object.fromEntries(await Promise.all(created)),
      "/carts/{}": [cartId, guestCart.id],
      "/carts/{}/items/{}": [items[0]?.id ?? "", guestItems.items[0]?.id ?? ""],
      "/orders/{}": [paid.id, unpaidOrderId],
      "/orders/{}/shipments/{}": [paid.shipmentId],
      "/orders/{}/refunds/{}": [paid.refundId],
      "/order-parts/{}": [paid.partId],
      "/statistics/tasks/{}": null,
      "/payouts/{}": null,
      "/payouts/{}/transfers/{}": null,
      "/after-sales/{}": [afterSaleId],
      "/after-sales/{}/messages/{}": [message.id],
      "/after-sale-tasks/{}": null,
      "/me/addresses/{}": [addressId],
      "/me/notifications/{}": [notifications.items[0]?.id ?? ""],
      "/notifications/templates/{}": null,
      "/notifications/templates/{}/{}": null,
      "/me/phone-verifications/{}": [verificationId],
      "/me/payment-methods/{}": [paymentMethodId],
      "/me/payment-methods/setups/{}": [paymentMethodId],
      "/me/sessions/{}": sessions.items.map(({ id }) => id),
      "/tasks/{}": [task.id],
      "/me/reviews/{}": [reviewId],
      "/me/review-replies/{}": [replyId],
      "/audit-events/exports/{}": [audited.task.id],
      "/regions/{}": null,
      "/regions/{}/{}": null,
      "/me/merchants/{}": [merchantId],
      "/me/merchant-invitations/{}": [invitation.id],
      "/merchants/{}": null,
      "/merchants/{}/members/{}": null,
      "/merchants/{}/invitations/{}": null,
      "/merchants/{}/categories/{}": null,
      "/me/favourites/merchants/{}": null,
      "/merchant-tasks/{}": null,
      "/categories/{}": null,
      "/brands/{}": null,
      "/collections/{}": null,
      "/search-synonyms/{}": null,
      "/search-pins/{}": null,
      "/products/{}": null,
      "/me/tasks/{}": null,
      "/me/reviews/{}/images/{}": null,
      "/reviews/{}": null,
      "/review-replies/{}": null,
      "/review-tasks/{}": null,
      "/products/{}/images/{}": null,
      "/categories/{}/images/{}": null,
      "/brands/{}/images/{}": null,
      "/collections/{}/images/{}": null,
      "/variants/{}": null,
      "/attributes/{}": null,
      "/product-types/{}": null,
      "/auth/password-resets/{}": null,
      "/auth/email-verifications/{}": null,
      "/webhooks/payments/{}": null,
      "/webhooks/{}": null,
      "/webhooks/{}/deliveries/{}": null,
      "/users/{}": null,
      "/guests/{}": null,
      "/roles/{}": null,
      "/api-keys/{}": null,
      "/shipping-zones/{}": null,
      "/shipping-methods/{}": null,
      "/coupons/{}": null,
      "/coupon-offers/{}": null,
      "/approvals/{}": null,
      "/audit-events/{}": null,
      "/signing-keys/{}": null,
    },
    ofMerchant: {
      "/coupons/{}": [couponCode],
      "/shipping-zones/{}": [shippingZone.id],
      "/shipping-methods/{}": [shippingMethod.id],
      "/orders/{}": [tradersOrder.id],
      "/orders/{}/shipments/{}": [tradersOrder.shipmentId],
      "/order-parts/{}": [tradersOrder.partId],
      // Of the shop itself, which is no less foreign to members.
      "/after-sales/{}": [afterSaleId],
      "/merchants/{}": [merchantId],
      "/merchants/{}/members/{}": [trader.userId],
      "/merchants/{}/invitations/{}": [invitation.id],
      "/reviews/{}": [reviewId],
      "/products/{}": [sold.id],
      "/products/{}/images/{}": [picture.image.id],
      "/variants/{}": [sold.variants[0]?.id ?? ""],
      "/merchants/{}/categories/{}": [ownCategory.id],
    },
  };
}

/** Saves a payment method as if the provider had confirmed it: not every shop has a provider for it. */
async function savePaymentMethod({ broker }: Shop, customerId: string): Promise<string> {
  const { database, collaborators } = broker.getLocalService("orders") as Service &
    ServiceWithDatabase & { collaborators: OrdersDependencies };
  const { payers, setups, methods } = collaborators;
  const id = newId();
  const now = Date.now();
  const ofCustomer = { id, customerId, provider: "sandbox", attempts: 0, createdAt: now } as const;
  const card = { brand: "visa", lastFour: "4242", expiryMonth: 12, expiryYear: 2030 };
  await database.transaction({ actor: { kind: "system", id: "test" }, requestId: "test" }, async (tx) => {
    await payers.open(customerId, tx);
    await payers.takePlace(customerId, 1, tx);
    const pending = { reference: null, failure: null, methodId: null, settledAt: null };
    await setups.insert({ ...ofCustomer, ...pending, status: "pending" }, now, tx);
    await setups.succeed(id, "pending", now, tx);
    await methods.insert(
      { ...ofCustomer, ...card, token: `pm_${id}`, status: "active", removedAt: null },
      null,
      tx,
    );
    await payers.setDefault(customerId, id, { ifNone: true }, tx);
  });
  return id;
}

/** Makes a product one of a merchant's. */
export async function giveToMerchant(shop: Shop, productId: string, merchantId: string): Promise<void> {
  const { database } = shop.broker.getLocalService("catalog") as Service & ServiceWithDatabase;
  const origin = { actor: { kind: "system", id: "test" }, requestId: newId() } as const;
  await database.transaction(origin, (tx) =>
    database.execute("UPDATE products SET merchant_id = ? WHERE id = ?", [merchantId, productId], tx),
  );
}

const endpoints = endpointsOf(allContracts);

/** Every place of every route. */
export const pathParameters = new Set(endpoints.flatMap(({ route }) => pathParametersOf(route.path)));

/** Places of rows of resources that belong to who creates them. */
const owned = endpoints.flatMap(({ action, service, route: { path }, contract }) => {
  const place = `${path}/{}`;
  const isOwn =
    contract.access === "signed-in" || (typeof contract.access === "object" && "ownerOr" in contract.access);
  return action === `${service}.create` && isOwn && pathParameters.has(place)
    ? [{ place, path, contract }]
    : [];
});

/** A body with what is required, for a resource: ids of what there is, and any value of other kinds. */
function bodyFor(
  { params }: ActionContract,
  known: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const { properties = {}, required = [] } = z.toJSONSchema(params, { io: "input" });
  const anyOf = ({ type, enum: choices, minimum }: z.core.JSONSchema.BaseSchema) =>
    choices?.[0] ??
    (type === "string"
      ? "sample"
      : type === "boolean"
        ? true
        : type === "integer"
          ? (minimum ?? 1)
          : type === "array"
            ? []
            : {});
  return Object.fromEntries(
    required.map((name) => [name, known[name] ?? anyOf(properties[name] as z.core.JSONSchema.BaseSchema)]),
  );
}

/** The places in a route's path that vary: `/orders/{}` and `/orders/{}/shipments/{}` of a shipment's. */
export function pathParametersOf(path: string): string[] {
  const shape = path.replaceAll(/\{\w+\}/g, "{}");
  return [...shape.matchAll(/\{\}/g)].map(({ index }) => shape.slice(0, index + 2));
}
