import type { Result } from "../../mixins/contract/calls.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Customer } from "./customer.ts";
import type { Employee } from "./employee.ts";
import { continueOrder } from "./fate-of-an-order.ts";
import { careForOrder } from "./order-care.ts";
import type { ShopClient } from "./person.ts";
import { speakUp } from "./reviewer.ts";
import type { ChaosCatalogue } from "./shelves.ts";

const maxPauseMs = 600;
const address = { name: "Ada", line1: "1 Mill Lane", city: "London", postalCode: "N1 1AA", country: "GB" };

/** Browses, buys, looks after orders and reviews until the run ends. */
export async function runBuyer(
  customer: Customer,
  staff: Employee,
  catalogue: ChaosCatalogue,
  over: () => boolean,
): Promise<void> {
  const { person } = customer;
  while (!over()) {
    await person.pause(maxPauseMs);
    const choice = person.random();
    if (choice < 0.2) await browse(person, catalogue);
    else if (!(await customer.signedIn(catalogue))) continue;
    else if (choice < 0.5) await buyWithCart(person, staff, catalogue);
    else if (choice < 0.75) await careForOrder(person);
    else await speakUp(person, catalogue);
    if (person.token && person.chance(0.03)) await customer.signOut();
  }
}

async function browse(person: ShopClient, catalogue: ChaosCatalogue): Promise<void> {
  const choice = person.random();
  if (choice < 0.4)
    await person.request("catalog.products.list", {
      limit: 10,
      minPrice: Math.floor(person.random() * 1000),
    });
  else if (choice < 0.7)
    await person.request("catalog.products.get", { idOrSlug: person.oneOf(catalogue.products).slug });
  else
    await person.request("catalog.variants.get", {
      id: person.oneOf(person.chance(0.5) ? catalogue.hot : catalogue.cold),
    });
}

/** Each buyer has one cart, which keeps its items between rounds. */
async function buyWithCart(person: ShopClient, staff: Employee, catalogue: ChaosCatalogue): Promise<void> {
  const { answer: cart } = await person.request("cart.create", {});
  if (!cart) return;
  const { id } = cart;
  for (let count = 1 + Math.floor(person.random() * 3); count > 0; count -= 1) {
    const variantId = person.oneOf(person.chance(0.6) ? catalogue.hot : catalogue.cold);
    await person.request("cart.items.add", { id, variantId, quantity: 1 + Math.floor(person.random() * 2) });
  }
  const { answer: filled } = await person.request("cart.get", { id });
  if (!filled) return;
  await changeCart(person, filled);
  if (person.chance(0.2)) await person.request("cart.coupon.apply", { id, code: catalogue.coupon });
  const { answer: quote } = await person.request("cart.quote", { id });
  // Stays in the cart for the next round.
  if (!quote?.orderable || person.chance(0.1)) return;
  await checkOut(person, staff, id, quote.total);
}

/** Removes short items, and sometimes changes others. */
async function changeCart(person: ShopClient, { id, items }: Result<"cart.get">): Promise<void> {
  for (const { id: itemId, state } of items) {
    const choice = person.random();
    if (state !== "ok" || choice < 0.1) await person.request("cart.items.remove", { id, itemId });
    else if (choice < 0.2) await person.request("cart.items.change", { id, itemId, quantity: 1 });
  }
}

/** Sometimes a double click: two concurrent requests with one key. */
async function checkOut(
  person: ShopClient,
  staff: Employee,
  cartId: string,
  total: Result<"cart.quote">["total"],
): Promise<void> {
  const place = { idempotencyKey: newId(), cartId, total, shippingAddress: address };
  const clicks = person.chance(0.1) ? 2 : 1;
  const placed = await Promise.all(
    Array.from({ length: clicks }, () => person.request("orders.place", place)),
  );
  const order = placed.find(({ answer }) => answer)?.answer;
  if (order) await continueOrder(order, person, staff);
}
