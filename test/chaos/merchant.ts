import { newId } from "../../mixins/contract/ids.ts";
import { application } from "../support/merchant-of.ts";
import { answerAfterSale } from "./after-sale-desk.ts";
import { Employee, prepared } from "./employee.ts";
import type { ShopClient } from "./person.ts";

/** A merchant of the mall, and its owner. */
export interface Merchant {
  readonly id: string;
  readonly owner: Employee;
}

const partsAtOnce = 5;

/**
 * Applies as a merchant, which staff approve, with a commission of its own.
 *
 * @throws Error on a failure
 */
export async function openMerchant(
  staff: Employee,
  person: ShopClient,
  basisPoints: number,
): Promise<Merchant> {
  const account = { email: `${newId()}@example.com`, password: "a long and private sentence" };
  await prepared(async () => person.request("users.register", { ...account, name: person.name }));
  const owner = new Employee(person, account);
  const { id } = await prepared(async () => owner.request("merchants.apply", application()));
  await prepared(async () => staff.request("merchants.approve", { id }));
  await prepared(async () => staff.request("merchants.terms.set", { id, basisPoints, expectedVersion: 1 }));
  return { id, owner };
}

/** Sends its parts of orders and answers after-sale requests until the run ends. */
export async function runMerchant({ id, owner }: Merchant, over: () => boolean): Promise<void> {
  const { person } = owner;
  while (!over()) {
    await person.pause(1500);
    if (person.chance(0.5)) await sendParts(id, owner);
    else await answerAfterSale(owner, id);
  }
}

/** The parcels hold its own goods of the order only. */
async function sendParts(merchantId: string, owner: Employee): Promise<void> {
  const { answer } = await owner.request("orders.parts.list", {
    merchantId,
    status: "paid",
    limit: partsAtOnce,
  });
  for (const { orderId } of answer?.items ?? []) {
    const { answer: sent } = await owner.request("orders.shipments.create", {
      id: orderId,
      idempotencyKey: newId(),
    });
    if (!sent || owner.person.chance(0.1)) continue;
    const arrived = {
      id: orderId,
      shipmentId: sent.id,
      status: "delivered",
      expectedVersion: sent.version,
    } as const;
    // Not retried: after an unknown outcome, a retry would find its own new version.
    await owner.request("orders.shipments.update", arrived, { once: true });
  }
}
