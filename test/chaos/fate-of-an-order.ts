import type { Result } from "../../mixins/contract/calls.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Employee } from "./employee.ts";
import { payOnPage } from "./payment-provider.ts";
import type { ShopClient } from "./person.ts";

type Order = Result<"orders.place">;

/** Number of payment polls, and the delay between them. */
const statusChecks = 6;
const statusCheckIntervalMs = 500;

/** Paid, cancelled, both concurrently, shipped, returned, refunded, or left to expire. */
export async function continueOrder(order: Order, person: ShopClient, staff: Employee): Promise<void> {
  const choice = person.random();
  if (choice < 0.15) return;
  const cancel = async () => person.request("orders.cancel", { id: order.id, reason: "changed my mind" });
  const paid = person.chance(0.5) ? () => payOnline(order, person) : () => payByHand(order, staff);
  if (choice < 0.3) await cancel();
  else if (choice < 0.45) await Promise.all([paid(), cancel()]);
  else if (await paid()) await fulfilOrRefund(order, person, staff);
  // Acknowledged operations are visible to later requests.
  const { problem, number } = await person.request("orders.get", { id: order.id });
  if (problem === "not-found")
    person.history.finding(`#${number} order ${order.number} was placed and is not found`);
}

async function fulfilOrRefund(order: Order, person: ShopClient, staff: Employee): Promise<void> {
  if (person.chance(0.4)) await ship(order, staff);
  const what = person.random();
  if (what < 0.25) await returnGoods(order, person, staff);
  else if (what < 0.35) await staff.request("orders.cancel", { id: order.id, reason: "out of patience" });
  else if (what < 0.45) {
    const amount = { amount: 100, currency: order.total.currency };
    await staff.request("orders.refunds.record", {
      id: order.id,
      idempotencyKey: newId(),
      amount,
      reason: "a scratch",
    });
  }
}

async function payByHand({ id }: Order, staff: Employee): Promise<boolean> {
  const { outcome } = await staff.request("orders.payments.record", {
    id,
    idempotencyKey: newId(),
    reference: "bank",
  });
  return outcome === "ok";
}

/**
 * The provider notifies the shop asynchronously.
 *
 * @returns true when the customer saw the payment arrive
 */
async function payOnline({ id }: Order, person: ShopClient): Promise<boolean> {
  const { answer } = await person.request("orders.payments.record", {
    id,
    idempotencyKey: newId(),
    provider: "sandbox",
  });
  if (answer?.next?.action !== "redirect") return false;
  await payOnPage(answer.next.url, person.chance(0.9) ? "succeeded" : "failed");
  for (let look = 0; look < statusChecks; look += 1) {
    await person.pause(statusCheckIntervalMs);
    const { answer: seen } = await person.request("orders.get", { id });
    if (seen && seen.status !== "placed") return seen.status === "paid";
  }
  return false;
}

async function ship({ id }: Order, staff: Employee): Promise<void> {
  const { answer } = await staff.request("orders.shipments.create", { id, idempotencyKey: newId() });
  if (!answer) return;
  const arrived = {
    id,
    shipmentId: answer.id,
    status: "delivered",
    expectedVersion: answer.version,
  } as const;
  // Not retried: after an unknown outcome, a retry would find its own new version.
  await staff.request("orders.shipments.update", arrived, { once: true });
}

async function returnGoods({ id, lines }: Order, person: ShopClient, staff: Employee): Promise<void> {
  const some = person.chance(0.5) ? lines : lines.slice(0, 1);
  await staff.request("orders.returns.record", {
    id,
    idempotencyKey: newId(),
    lines: some.map((line) => ({ lineId: line.id, quantity: person.chance(0.5) ? line.quantity : 1 })),
    restock: person.chance(0.8),
    reason: "does not fit",
  });
}
