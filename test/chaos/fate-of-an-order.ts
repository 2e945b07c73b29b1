import type { Result } from "../../services/contract/calls.ts";
import { newId } from "../../services/contract/ids.ts";
import type { Office } from "./office.ts";
import type { Person } from "./person.ts";

type Order = Result<"orders.place">;

/** Paid, cancelled, both at once, sent back, or left alone until it expires. */
export async function decideFate(order: Order, person: Person, office: Office): Promise<void> {
  const fate = person.random();
  if (fate < 0.15) return;
  const cancel = async () => person.want("orders.cancel", { id: order.id, reason: "changed my mind" });
  if (fate < 0.3) await cancel();
  else if (fate < 0.45) await Promise.all([pay(order, office), cancel()]);
  else {
    const paid = await pay(order, office);
    if (paid && person.chance(0.25)) await sendBack(order, person, office);
    else if (paid && person.chance(0.1)) await office.want("orders.cancel", { id: order.id, reason: "out of patience" });
  }
  // What was acknowledged is there for whoever asks next.
  const { problem, number } = await person.want("orders.get", { id: order.id });
  if (problem === "not-found") person.history.finding(`#${number} order ${order.number} was placed and is not found`);
}

async function pay({ id }: Order, office: Office): Promise<boolean> {
  const { outcome } = await office.want("orders.payments.record", { id, idempotencyKey: newId(), reference: "bank" });
  return outcome === "ok";
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
