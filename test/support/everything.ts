import { endpointsOf } from "../../services/api/endpoints.ts";
import { newId } from "../../services/contract/ids.ts";
import { allContracts } from "../../services/contracts.ts";
import { sendHttp } from "./http.ts";
import type { Person } from "./people.ts";
import { logIn, newPerson } from "./people.ts";
import type { Shop } from "./shop.ts";

export const homeAddress = { name: "Ada", line1: "1 Row", city: "London", postalCode: "N1 1AA", country: "GB" };

/** Something of an order that was paid. */
export interface PaidOrder {
  readonly id: string;
  readonly lineId: string;
  readonly shipmentId: string;
  readonly refundId: string;
}

/** What one customer and the staff beside them have, of each kind that a path can name. */
export interface Everything {
  readonly owner: Person;
  readonly staff: Person;
  readonly auditor: Person;
  /** Is on sale. */
  readonly variantId: string;
  /** Of the owner. */
  readonly cartId: string;
  readonly guestCart: { readonly id: string; readonly token: string };
  readonly addressId: string;
  readonly paid: PaidOrder;
  readonly unpaidOrderId: string;
  /**
   * Values by the path up to what they stand for: `/orders/{}` is an order's id. What belongs to nobody in particular is
   * null: it is public, or staff's with a permission, or a secret of its own.
   */
  readonly byPlace: Readonly<Record<string, readonly string[] | null>>;
}

/** Lets a customer and staff have one of everything, over REST. */
export async function makeEverything(shop: Shop): Promise<Everything> {
  const [owner, staff, auditor] = await Promise.all([newPerson(shop), newPerson(shop, "administrator"), newPerson(shop, "auditor")]);
  const as = (person: Person | undefined) => async <T>(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<T> => {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const answer = await sendHttp(shop.url, { method, path: `/api/v1${path}`, token: person?.token, headers, body: sent });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body) as T;
  };
  type Named = { readonly id: string };
  const [own, office, guest] = [as(owner), as(staff), as(undefined)];

  const { variants } = await office<{ variants: Named[] }>("POST", "/products", {
    slug: `p-${newId()}`,
    name: "Mug",
    status: "published",
    variants: [{ sku: `S-${newId()}`, priceMinor: 1000, options: {} }],
  });
  const variantId = variants[0]?.id ?? "";
  await office("PATCH", `/variants/${variantId}/stock`, { kind: "receive", quantity: 100, reason: "delivery" });

  const { id: addressId } = await own<Named>("POST", "/me/addresses", { label: "Home", address: homeAddress });
  const place = async (): Promise<{ id: string; lines: Named[] }> => {
    const { id: cartId } = await own<Named>("POST", "/carts");
    await own("POST", `/carts/${cartId}/items`, { variantId, quantity: 3 });
    const { total } = await own<{ total: object }>("GET", `/carts/${cartId}/quote`);
    const request = { cartId, total, shippingAddress: { addressId } };
    const order = await own<{ id: string; lines: Named[] }>("POST", "/orders", request, { "idempotency-key": newId() });
    // Until then the cart has what was ordered.
    await shop.settled();
    return order;
  };
  const payAndSend = async (): Promise<PaidOrder> => {
    const { id, lines } = await place();
    const lineId = lines[0]?.id ?? "";
    const keyed = { "idempotency-key": newId() };
    await office("POST", `/orders/${id}/payments`, { provider: "manual" }, keyed);
    const shipment = await office<Named>("POST", `/orders/${id}/shipments`, { status: "packed", lines: [{ lineId, quantity: 1 }] }, keyed);
    const refund = await office<Named>("POST", `/orders/${id}/refunds`, { amount: { amount: 1, currency: "GBP" }, reason: "late" }, keyed);
    return { id, lineId, shipmentId: shipment.id, refundId: refund.id };
  };
  const paid = await payAndSend();
  const { id: unpaidOrderId } = await place();

  const { id: cartId } = await own<Named>("POST", "/carts");
  const { items } = await own<{ items: Named[] }>("POST", `/carts/${cartId}/items`, { variantId, quantity: 2 });
  const guestCart = await guest<{ id: string; token: string }>("POST", "/carts");
  const guestItems = await guest<{ items: Named[] }>("POST", `/carts/${guestCart.id}/items`, { variantId, quantity: 1 }, { "x-cart-token": guestCart.token });
  await logIn(shop, owner.email);
  const sessions = await own<{ items: Named[] }>("GET", "/me/sessions");
  const { task } = await office<{ task: Named }>("POST", "/products/exports", {});
  const audited = await as(auditor)<{ task: Named }>("POST", "/audit-events/exports", {});
  const isFinished = async (path: string) => (await office<{ state: string }>("GET", path)).state === "succeeded";
  while (!(await isFinished(`/tasks/${task.id}`)) || !(await isFinished(`/audit-events/exports/${audited.task.id}`)));

  return {
    owner,
    staff,
    auditor,
    variantId,
    cartId,
    guestCart,
    addressId,
    paid,
    unpaidOrderId,
    byPlace: {
      "/carts/{}": [cartId, guestCart.id],
      "/carts/{}/items/{}": [items[0]?.id ?? "", guestItems.items[0]?.id ?? ""],
      "/orders/{}": [paid.id, unpaidOrderId],
      "/orders/{}/shipments/{}": [paid.shipmentId],
      "/orders/{}/refunds/{}": [paid.refundId],
      "/me/addresses/{}": [addressId],
      "/me/sessions/{}": sessions.items.map(({ id }) => id),
      "/tasks/{}": [task.id],
      "/audit-events/exports/{}": [audited.task.id],
      "/categories/{}": null,
      "/products/{}": null,
      "/variants/{}": null,
      "/auth/password-resets/{}": null,
      "/auth/email-verifications/{}": null,
      "/webhooks/payments/{}": null,
      "/users/{}": null,
      "/roles/{}": null,
      "/api-keys/{}": null,
      "/coupons/{}": null,
      "/audit-events/{}": null,
      "/signing-keys/{}": null,
    },
  };
}

/** The places in a route's path that vary: `/orders/{}` and `/orders/{}/shipments/{}` of a shipment's. */
export function placesOf(path: string): string[] {
  const shape = path.replaceAll(/\{\w+\}/g, "{}");
  return [...shape.matchAll(/\{\}/g)].map(({ index }) => shape.slice(0, index + 2));
}

/** Every place of every route. */
export const everyPlace = new Set(endpointsOf(allContracts).flatMap(({ route }) => placesOf(route.path)));
