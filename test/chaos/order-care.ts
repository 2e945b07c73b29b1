import type { Result } from "../../mixins/contract/calls.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { ShopClient } from "./person.ts";

type Order = Result<"orders.get">;
type Part = Order["parts"][number];

const kinds = ["refund-only", "return-and-refund", "exchange"] as const;
const parcel = { carrier: "DHL", trackingNumber: "0034" } as const;
const onTheWay: ReadonlySet<string> = new Set(["shipped", "delivered"]);
const serviced: ReadonlySet<string> = new Set(["paid", "packed", ...onTheWay]);

/** A customer looks at one of their latest orders: confirms its receipt, or asks for after-sale service. */
export async function careForOrder(person: ShopClient): Promise<void> {
  if (person.chance(0.4)) return goOnWithAfterSale(person);
  const { answer } = await person.request("orders.list", { limit: 20 });
  const open = (answer?.items ?? []).filter(({ status }) => serviced.has(status));
  if (open.length === 0) return;
  const { answer: order } = await person.request("orders.get", { id: person.oneOf(open).id });
  if (!order) return;
  const part = person.oneOf(order.parts);
  if (part.receivedAt === null && onTheWay.has(part.status) && person.chance(0.6))
    await confirmReceipt(order, part, person);
  else if (serviced.has(part.status) && person.chance(0.5)) await askForAfterSale(order, part, person);
}

/** Of one part or of all, sometimes by a double click. */
async function confirmReceipt({ id }: Order, part: Part, person: ShopClient): Promise<void> {
  const params = person.chance(0.5) ? { id, partId: part.id } : { id };
  const clicks = person.chance(0.3) ? 2 : 1;
  await Promise.all(
    Array.from({ length: clicks }, async () => person.request("orders.receipts.record", params)),
  );
}

/** Sometimes by a double click, under one key; or twice for the same goods, under two. */
async function askForAfterSale({ id, lines }: Order, part: Part, person: ShopClient): Promise<void> {
  const own = lines.filter(({ partId }) => partId === part.id);
  const wanted = person.chance(0.7) ? [person.oneOf(own)] : own;
  const isWhole = person.chance(0.5);
  const request = {
    orderId: id,
    kind: onTheWay.has(part.status) ? person.oneOf(kinds) : "refund-only",
    reason: "damaged",
    lines: wanted.map(({ id: lineId, quantity }) => ({ lineId, quantity: isWhole ? quantity : 1 })),
  } as const;
  const key = newId();
  const keys = person.chance(0.2) ? [key, person.chance(0.5) ? key : newId()] : [key];
  await Promise.all(
    keys.map(async (idempotencyKey) =>
      person.request("after-sales.requests.create", { ...request, idempotencyKey }),
    ),
  );
}

async function goOnWithAfterSale(person: ShopClient): Promise<void> {
  const { answer } = await person.request("after-sales.requests.mine", { limit: 20 });
  const open = (answer?.items ?? []).filter(
    ({ status, kind }) =>
      status === "requested" || status === "rejected" || (status === "approved" && kind !== "refund-only"),
  );
  if (open.length === 0) return;
  const { id, status } = person.oneOf(open);
  if (person.chance(0.1)) await person.request("after-sales.requests.withdraw", { id });
  else if (status === "rejected")
    await person.request("after-sales.requests.escalate", { id, reason: "It is" });
  else if (status === "approved") await person.request("after-sales.requests.send-back", { id, ...parcel });
}
