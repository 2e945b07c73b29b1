import type { Service } from "moleculer";
import type { Database } from "../../mixins/database/database.ts";
import type { Result } from "../../mixins/contract/calls.ts";
import type { Caller, UserCaller } from "../../mixins/contract/caller.ts";
import { guest } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { claimGuest } from "../../services/users/guests/claim-guest.ts";
import type { UsersDependencies } from "../../services/users/users.dependencies.ts";
import { homeAddress } from "./fixtures.ts";
import type { ShopTraffic } from "./shop-traffic.ts";

/** Fills a guest's cart. @returns the params of its order, but for its key */
export async function guestCheckout(
  traffic: Pick<ShopTraffic, "call">,
  email: string,
  variantId: string,
  { quantity = 1, coupon }: { readonly quantity?: number; readonly coupon?: string } = {},
) {
  const as: Caller = guest;
  const { id, token } = await traffic.call("cart.create", {}, as);
  const cart = { id, cartToken: token ?? "" };
  await traffic.call("cart.items.add", { ...cart, items: [{ variantId, quantity }] }, as);
  if (coupon !== undefined) await traffic.call("cart.coupon.apply", { ...cart, code: coupon }, as);
  const { total } = await traffic.call("cart.quote", { ...cart, country: homeAddress.country }, as);
  return { cartId: id, cartToken: cart.cartToken, total, shippingAddress: homeAddress, email };
}

/** An order without an account, and its token. */
export async function orderAsGuest(
  traffic: Pick<ShopTraffic, "call">,
  email: string,
  variantId: string,
  options: Parameters<typeof guestCheckout>[3] = {},
): Promise<Result<"orders.place">> {
  const checkout = await guestCheckout(traffic, email, variantId, options);
  return traffic.call("orders.place", { ...checkout, idempotencyKey: newId() }, guest);
}

/** Makes an account claim the guest of its address, as its login does once the address is verified. */
export async function claimAs(traffic: ShopTraffic, buyer: UserCaller): Promise<void> {
  const users = traffic.broker.getLocalService("users") as Service & {
    database: Database;
    collaborators: UsersDependencies;
  };
  const account = { id: buyer.userId, email: `${buyer.userId}@example.org` };
  const origin = { actor: { kind: "user", id: buyer.userId }, requestId: newId() } as const;
  await users.database.transaction(origin, (tx) => claimGuest(account, Date.now(), tx, users.collaborators));
}

/** Orders of a guest, of one whom an account claims, and of one who is deleted. */
export async function guestsOf(traffic: ShopTraffic): Promise<void> {
  const [variantId = ""] = await traffic.stock(20);
  await orderAsGuest(traffic, `guest-${newId()}@example.org`, variantId);
  const buyer = await traffic.newCustomer();
  const { id } = await orderAsGuest(traffic, `${buyer.userId}@example.org`, variantId);
  await traffic.pay(id);
  const { customerId } = await orderAsGuest(traffic, `guest-${newId()}@example.org`, variantId);
  await claimAs(traffic, buyer);
  await traffic.call("users.guests.delete", { id: customerId });
}
