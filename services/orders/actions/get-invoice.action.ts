import { ownerFilter } from "../../contract/caller.ts";
import { invoiceOf, refundsOf } from "../domain/invoice.ts";
import { renderInvoiceHtml } from "../invoice/render-html.ts";
import { renderInvoicePdf } from "../invoice/render-pdf.ts";
import { action } from "../orders.dependencies.ts";

export const getInvoice = action("orders.invoices.get", async (context, { orders, returns, timeline, seller }) => {
  const { params, caller, fail } = context;
  const order = await orders.byId(params.id, ownerFilter(caller, "orders:read"));
  if (!order) throw fail("not-found");
  const steps = await timeline.ofOrder(order.id);
  const paid = steps.find(({ event }) => event === "paid");
  if (!paid) throw fail("illegal-transition", "An order that was not paid has no invoice", { from: order.status });

  const forReturns = (await returns.ofOrder(order.id)).map(({ returnedAt: at, reason, refund: amount }) => ({ at, reason, amount }));
  const refunds = refundsOf(order.refunded, forReturns, steps);
  const invoice = invoiceOf(order, { seller, paidAt: paid.happenedAt, refunds });
  const isPdf = params.mediaType === "application/pdf";
  const content = isPdf ? await renderInvoicePdf(invoice) : renderInvoiceHtml(invoice);
  const fileName = `invoice-${invoice.number}.${isPdf ? "pdf" : "html"}`;
  return { mediaType: params.mediaType, fileName, content: content.toString("base64") };
});
