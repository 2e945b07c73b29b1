import { WorkerPool } from "../../../mixins/support/worker-pool.ts";
import type { ActionContext } from "../../../mixins/service/action-runtime.ts";
import { fingerprintOf } from "../../../mixins/contract/fingerprint.ts";
import type { Invoice } from "../domain/invoice.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";

/** Rendering takes about 150 ms of CPU, so its thread has a lower priority than requests. */
const threads = new WorkerPool<Invoice, string>(new URL("render-pdf-thread.js", import.meta.url), {
  maxWorkers: 1,
  niceIncrement: 10,
});
/** Single-flight by fingerprint: concurrent requests for a document share one rendering. */
const pendingRenders = new Map<string, Promise<string>>();

/**
 * The invoice as PDF in base64, rendered once in a worker thread and stored, so that it keeps its bytes. A
 * refund makes a new document that replaces it.
 */
export async function storedPdf(
  orderId: string,
  invoice: Invoice,
  { now, transaction }: Pick<ActionContext<"orders.invoices.get">, "now" | "transaction">,
  { renditions }: Pick<OrdersDependencies, "renditions">,
): Promise<string> {
  const fingerprint = fingerprintOf({ ...invoice });
  const stored = await renditions.find(orderId, fingerprint);
  if (stored !== undefined) return stored;
  const content = await print(invoice, fingerprint);
  return transaction((tx) => renditions.store({ orderId, fingerprint, content, renderedAt: now }, tx));
}

async function print(invoice: Invoice, fingerprint: string): Promise<string> {
  const printing =
    pendingRenders.get(fingerprint) ?? threads.run(invoice).finally(() => pendingRenders.delete(fingerprint));
  pendingRenders.set(fingerprint, printing);
  return printing;
}
