import type { ActionContext } from "../../../mixins/service/action-runtime.ts";
import type { UnpaidLimits } from "../../../config/index.ts";
import type { Actor } from "../../../mixins/contract/caller.ts";
import { actorOf } from "../../../mixins/contract/caller.ts";
import type { FieldError } from "../../../mixins/contract/errors.ts";
import type { OrderContact } from "../domain/order-model.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";

type Context = ActionContext<"orders.place">;

/** Who orders: an account, or a guest with an address. */
export interface Shopper {
  readonly customerId: string;
  readonly actor: Actor;
  /** Undefined for an account. */
  readonly guest: { readonly contact: OrderContact; readonly cartToken: string } | undefined;
  /** Of unpaid orders. */
  readonly limits: UnpaidLimits["regular"] & { readonly ordersPerAddress: number };
}

/**
 * A guest is one customer for each e-mail address, so limits and coupons count by address. The address is not
 * verified: it opens no earlier order.
 *
 * @throws ShopError `validation-failed` for a guest without an address or token, and for an account's user with one
 */
export async function identifyShopper(
  context: Context,
  { unpaid, guests }: Pick<OrdersDependencies, "unpaid" | "guests">,
): Promise<Shopper> {
  const { params, caller, call, fail } = context;
  const errors = faultsOf(context);
  if (errors.length > 0) throw fail("validation-failed", undefined, { errors });
  if (caller.kind === "user") {
    const limits = caller.isNew ? unpaid.newCustomers : unpaid.regular;
    return {
      customerId: caller.userId,
      actor: actorOf(caller),
      guest: undefined,
      limits: { ...limits, ordersPerAddress: unpaid.ordersPerAddress },
    };
  }
  const { email = "", phone, locale, cartToken = "" } = params;
  const { guestId } = await call("users.guests.identify", { email });
  await guests.note(guestId);
  const contact = { email, phone: phone ?? null, locale: locale ?? null };
  return {
    customerId: guestId,
    actor: { kind: "guest", id: guestId },
    guest: { contact, cartToken },
    limits: { ...unpaid.guests, ordersPerAddress: unpaid.ordersPerAddressOfGuests },
  };
}

function faultsOf({ params, caller }: Context): FieldError[] {
  const fault = (path: string, code: string, message: string) => ({ path, code, message });
  if (caller.kind === "user")
    return (["email", "phone", "locale"] as const)
      .filter((path) => params[path] !== undefined)
      .map((path) => fault(path, "unknown-field", "is for guests: an account has its own"));
  return [
    ...(params.email === undefined ? [fault("email", "required", "is required without an account")] : []),
    ...(params.cartToken === undefined
      ? [fault("cartToken", "required", "is required without an account: send X-Cart-Token")]
      : []),
    ...("addressId" in params.shippingAddress
      ? [fault("shippingAddress.addressId", "unknown-field", "is for accounts: give the address")]
      : []),
  ];
}
