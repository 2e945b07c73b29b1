import type { ActionContext } from "../../../mixins/service/action-runtime.ts";
import type { FieldError } from "../../../mixins/contract/errors.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { accessOf } from "../cart-access.ts";
import { action } from "../cart.dependencies.ts";
import { lookUpVariants } from "../catalog-variants.ts";
import type { CartItem } from "../domain/cart.ts";
import { withItemAdded, withItemsAdded } from "../domain/cart.ts";
import type { Variants } from "../domain/valuation.ts";
import { presentCart } from "../present.ts";
import { changeCart } from "../read-or-change-cart.ts";

type Context = ActionContext<"cart.items.add">;

/**
 * Adds variants on sale to the cart. Looks up all items of the cart first, so a catalogue failure changes
 * nothing and the caller may retry.
 */
export const addItem = action("cart.items.add", async (context, dependencies) => {
  const { params, caller, now, call, fail } = context;
  const { locale } = params;
  const seen = await dependencies.carts.find(params.id, accessOf(caller, params.cartToken), now);
  if (!seen) throw fail("not-found");
  const wantedIds = params.items?.map(({ variantId }) => variantId) ?? [params.variantId ?? ""];
  const variants = await lookUpVariants({ call, locale }, [
    ...wantedIds,
    ...seen.items.map((item) => item.variantId),
  ]);
  const add = additionOf(context, variants);
  const cart = await changeCart(context, dependencies, add);
  return presentCart(cart, dependencies.currency, { call, locale }, variants);
});

/** @throws ShopError `not-found` for one variant that is not on sale, `validation-failed` for several */
function additionOf({ params, fail }: Context, variants: Variants): Parameters<typeof changeCart>[2] {
  const { variantId, quantity = 1, items } = params;
  if (items === undefined) {
    const item = variantId === undefined ? undefined : itemOf({ variantId, quantity }, variants);
    if (!item) throw fail("not-found", "Not on sale", { variantId });
    return (before, clock) => withItemAdded(before, item, clock);
  }
  const added: CartItem[] = [];
  const errors: FieldError[] = [];
  for (const [index, wanted] of items.entries()) {
    const item = itemOf(wanted, variants);
    if (item) added.push(item);
    else errors.push({ path: `items.${index}.variantId`, code: "not-on-sale", message: "is not on sale" });
  }
  if (errors.length > 0) throw fail("validation-failed", undefined, { errors });
  return (before, clock) => withItemsAdded(before, added, clock);
}

function itemOf(
  { variantId, quantity }: { readonly variantId: string; readonly quantity: number },
  variants: Variants,
): CartItem | undefined {
  const variant = variants.get(variantId);
  return variant?.onSale ? { id: newId(), variantId, quantity, priceWhenAdded: variant.price } : undefined;
}
