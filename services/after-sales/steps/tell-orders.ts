import type { AfterSalesDependencies } from "../after-sales.dependencies.ts";
import type { DueAfterSale } from "../data/after-sale-repository.ts";
import { isOpen } from "../domain/transitions.ts";
import type { StepContext } from "./save-step.ts";

/** Longer than an attempt can take, so that another one starts only after a failure or a crash. */
const retryMs = 30_000;

/**
 * Tells orders that an after-sale is open, which delays the receipt of its part of the order, or that it has
 * ended. Repeatable: orders ignores a delay that arrives after its end.
 */
export async function tellOrders(
  due: DueAfterSale,
  { now, call, transaction }: StepContext,
  { afterSales }: AfterSalesDependencies,
): Promise<void> {
  const until = now + retryMs;
  const afterSale = await transaction(async (tx) =>
    (await afterSales.claim("hold", due, until, tx)) ? afterSales.byId(due.id, "all", tx) : undefined,
  );
  if (!afterSale) return;
  const { id: afterSaleId, orderId, partId, status } = afterSale;
  if (isOpen(status)) await call("orders.receipts.hold", { orderId, afterSaleId, partId });
  else await call("orders.receipts.release", { orderId, afterSaleId });
  // Not if it has ended meanwhile: that has to be told as well.
  await transaction((tx) => afterSales.stop("hold", { id: due.id, at: until }, tx));
}
