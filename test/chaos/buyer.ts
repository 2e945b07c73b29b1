import type { Result } from "../../services/contract/calls.ts";
import { newId } from "../../services/contract/ids.ts";
import type { Customer } from "./customer.ts";
import { decideFate } from "./fate-of-an-order.ts";
import type { Office } from "./office.ts";
import type { Person } from "./person.ts";
import type { Shelves } from "./shelves.ts";

const longestPauseMs = 600;
const address = { name: "Ada", line1: "1 Mill Lane", city: "London", postalCode: "N1 1AA", country: "GB" };

/** Browses, fills carts and buys, until the run is over. */
export async function beBuyer(customer: Customer, office: Office, shelves: Shelves, over: () => boolean): Promise<void> {
  const { person } = customer;
  while (!over()) {
    await person.pause(longestPauseMs);
    if (person.chance(0.4)) await browse(person, shelves);
    else if (await customer.signedIn(shelves)) await goShopping(person, office, shelves);
    if (person.token && person.chance(0.03)) await customer.signOut();
  }
}

async function browse(person: Person, shelves: Shelves): Promise<void> {
  const what = person.random();
  if (what < 0.4) await person.want("catalog.products.list", { limit: 10, minPrice: Math.floor(person.random() * 1000) });
  else if (what < 0.7) await person.want("catalog.products.get", { idOrSlug: person.oneOf(shelves.products).slug });
  else await person.want("catalog.variants.get", { id: person.oneOf(person.chance(0.5) ? shelves.hot : shelves.cold) });
}

/** Each buyer has one cart; what was left in it the last time is in it still. */
async function goShopping(person: Person, office: Office, shelves: Shelves): Promise<void> {
  const { answer: cart } = await person.want("cart.create", {});
  if (!cart) return;
  const { id } = cart;
  for (let count = 1 + Math.floor(person.random() * 3); count > 0; count -= 1) {
    const variantId = person.oneOf(person.chance(0.6) ? shelves.hot : shelves.cold);
    await person.want("cart.items.add", { id, variantId, quantity: 1 + Math.floor(person.random() * 2) });
  }
  const { answer: filled } = await person.want("cart.get", { id });
  if (!filled) return;
  await reconsider(person, filled);
  if (person.chance(0.2)) await person.want("cart.coupon.apply", { id, code: shelves.coupon });
  const { answer: quote } = await person.want("cart.quote", { id });
  // Left in the cart for the next time.
  if (!quote?.orderable || person.chance(0.1)) return;
  await checkOut(person, office, id, quote.total);
}

/** What is short goes; now and then other things do too, or become more. */
async function reconsider(person: Person, { id, items }: Result<"cart.get">): Promise<void> {
  for (const { id: itemId, state } of items) {
    const mood = person.random();
    if (state !== "ok" || mood < 0.1) await person.want("cart.items.remove", { id, itemId });
    else if (mood < 0.2) await person.want("cart.items.change", { id, itemId, quantity: 1 });
  }
}

/** Sometimes by a double click: twice at once, under one key. */
async function checkOut(person: Person, office: Office, cartId: string, total: Result<"cart.quote">["total"]): Promise<void> {
  const place = { idempotencyKey: newId(), cartId, total, shippingAddress: address };
  const clicks = person.chance(0.1) ? 2 : 1;
  const placed = await Promise.all(Array.from({ length: clicks }, () => person.want("orders.place", place)));
  const order = placed.find(({ answer }) => answer)?.answer;
  if (order) await decideFate(order, person, office);
}
