import type { Result } from "../../services/contract/calls.ts";
import { newId } from "../../services/contract/ids.ts";
import type { Office } from "./office.ts";
import { payOnPage } from "./payment-provider.ts";
import type { Person } from "./person.ts";

type Order = Result<"orders.place">;

/** How often a customer looks whether the payment has arrived, and how long they wait in between. */
const looks = 6;
const betweenLooksMs = 500;

/** Paid, cancelled, both at once, sent, sent back, refunded, or left alone until it expires. */
export async function decideFate(order: Order, person: Person, office: Office): Promise<void> {
  const fate = person.random();
  if (fate < 0.15) return;
  const cancel = async () => person.want("orders.cancel", { id: order.id, reason: "changed my mind" });
  const paid = person.chance(0.5) ? () => payOnline(order, person) : () => payByHand(order, office);
  if (fate < 0.3) await cancel();
  else if (fate < 0.45) await Promise.all([paid(), cancel()]);
  else if (await paid()) await afterwards(order, person, office);
  // What was acknowledged is there for whoever asks next.
  const { problem, number } = await person.want("orders.get", { id: order.id });
  if (problem === "not-found") person.history.finding(`#${number} order ${order.number} was placed and is not found`);
}

async function afterwards(order: Order, person: Person, office: Office): Promise<void> {
  if (person.chance(0.4)) await send(order, office);
  const what = person.random();
  if (what < 0.25) await sendBack(order, person, office);
  else if (what < 0.35) await office.want("orders.cancel", { id: order.id, reason: "out of patience" });
  else if (what < 0.45) {
    const amount = { amount: 100, currency: order.total.currency };
    await office.want("orders.refunds.record", { id: order.id, idempotencyKey: newId(), amount, reason: "a scratch" });
  }
}

async function payByHand({ id }: Order, office: Office): Promise<boolean> {
  const { outcome } = await office.want("orders.payments.record", { id, idempotencyKey: newId(), reference: "bank" });
  return outcome === "ok";
}

/** The provider tells the shop in its own time. @returns whether the customer saw that it has arrived */
async function payOnline({ id }: Order, person: Person): Promise<boolean> {
  const { answer } = await person.want("orders.payments.record", { id, idempotencyKey: newId(), provider: "sandbox" });
  if (answer?.next?.action !== "redirect") return false;
  await payOnPage(answer.next.url, person.chance(0.9) ? "succeeded" : "failed");
  for (let look = 0; look < looks; look += 1) {
    await person.pause(betweenLooksMs);
    const { answer: seen } = await person.want("orders.get", { id });
    if (seen && seen.status !== "placed") return seen.status === "paid";
  }
  return false;
}

async function send({ id }: Order, office: Office): Promise<void> {
  const { answer } = await office.want("orders.shipments.create", { id, idempotencyKey: newId() });
  if (!answer) return;
  const arrived = { id, shipmentId: answer.id, status: "delivered", expectedVersion: answer.version } as const;
  // Once: whoever does not know whether it was done would find the version that it made itself.
  await office.want("orders.shipments.update", arrived, { once: true });
}

async function sendBack({ id, lines }: Order, person: Person, office: Office): Promise<void> {
  const some = person.chance(0.5) ? lines : lines.slice(0, 1);
  await office.want("orders.returns.record", {
    id,
    idempotencyKey: newId(),
    lines: some.map((line) => ({ lineId: line.id, quantity: person.chance(0.5) ? line.quantity : 1 })),
    restock: person.chance(0.8),
    reason: "does not fit",
  });
}
