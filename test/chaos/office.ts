import { newId } from "../../mixins/contract/ids.ts";
import { answerAfterSale } from "./after-sale-desk.ts";
import type { Employee } from "./employee.ts";
import type { ChaosCatalogue } from "./shelves.ts";

/** Records deliveries, corrections and new prices until the run ends. */
export async function runWarehouse(
  staff: Employee,
  catalogue: ChaosCatalogue,
  over: () => boolean,
): Promise<void> {
  const { person } = staff;
  while (!over()) {
    await person.pause(1500);
    const variantId = person.oneOf(person.chance(0.7) ? catalogue.hot : catalogue.cold);
    const choice = person.random();
    if (choice < 0.7) await changeStock(staff, variantId, "receive", 1 + Math.floor(person.random() * 8));
    else if (choice < 0.85) await changeStock(staff, variantId, "adjust", person.chance(0.5) ? 2 : -1);
    else await changePrice(staff, person.oneOf(catalogue.cold));
  }
}

/** Answers after-sale requests, decides disputes, suspends merchants and pays them out until the run ends. */
export async function runMallOffice(
  staff: Employee,
  { merchants }: ChaosCatalogue,
  over: () => boolean,
): Promise<void> {
  const { person } = staff;
  while (!over()) {
    await person.pause(1500);
    const choice = person.random();
    if (choice < 0.7) await answerAfterSale(staff);
    else if (choice < 0.85) await payOut(staff);
    else await suspendForAWhile(staff, person.oneOf(merchants).id);
  }
}

/** Each with a unique reason, by which the ledger is searched. */
async function changeStock(
  staff: Employee,
  variantId: string,
  kind: "receive" | "adjust",
  quantity: number,
): Promise<void> {
  await staff.request("catalog.stock.change", { variantId, kind, quantity, reason: `chaos ${newId()}` });
}

async function changePrice(staff: Employee, id: string): Promise<void> {
  const { answer: variant } = await staff.request("catalog.variants.get", { id });
  if (!variant) return;
  const priceMinor = 500 + Math.floor(staff.person.random() * 2000);
  // Not retried: after an unknown outcome, a retry would find its own new version.
  await staff.request(
    "catalog.variants.update",
    { id, priceMinor, expectedVersion: variant.version },
    { once: true },
  );
}

/** Sometimes by a double click; some transfers come back. */
async function payOut(staff: Employee): Promise<void> {
  const { person } = staff;
  const idempotencyKey = newId();
  const payouts = await Promise.all(
    Array.from({ length: person.chance(0.3) ? 2 : 1 }, async () =>
      staff.request("settlements.payouts.create", { idempotencyKey }),
    ),
  );
  const id = payouts.find(({ answer }) => answer)?.answer?.id;
  const { answer } = id === undefined ? {} : await staff.request("settlements.payouts.get", { id });
  for (const { id: transferId, payoutId } of answer?.transfers ?? []) {
    const transfer = { id: payoutId, transferId };
    if (person.chance(0.7))
      await staff.request("settlements.payouts.settle", { ...transfer, status: "paid" });
    if (person.chance(0.3))
      await staff.request("settlements.payouts.settle", {
        ...transfer,
        status: "failed",
        failure: "No account",
      });
  }
}

async function suspendForAWhile(staff: Employee, id: string): Promise<void> {
  await staff.request("merchants.suspend", { id, reason: "Under review" });
  await staff.person.pause(3000);
  let isActive = false;
  while (!isActive) {
    const { outcome, problem } = await staff.request("merchants.resume", { id });
    isActive = outcome === "ok" || problem === "illegal-transition";
    if (!isActive) await staff.person.pause(1000);
  }
}
