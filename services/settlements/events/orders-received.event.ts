import { on } from "../settlements.dependencies.ts";

/**
 * From the receipt of the goods the return window runs, at whose end the money is due. The merchant's lock decides
 * whether this or a concurrent `orders.paid` schedules it.
 */
export const ordersReceived = on("orders.received", async (event, tx, { ledger, sales, returnWindowMs }) => {
  const { partId, merchantId } = event.payload;
  if (merchantId === null) return;
  await ledger.lock([merchantId], tx);
  if (await sales.insertReceipt(partId, event.occurredAt, tx))
    await sales.scheduleRelease(partId, event.occurredAt + returnWindowMs, tx);
});
