import { ownerFilter } from "../../contract/caller.ts";
import { invoiceOf, refundsOf } from "../domain/invoice.ts";
import { renderInvoiceHtml } from "../invoice/render-html.ts";
import { renderInvoicePdf } from "../invoice/render-pdf.ts";
import { action } from "../orders.dependencies.ts";

export const getInvoice = action("orders.invoices.get", async (context, { orders, refunds, timeline, seller }) => {
  const { params, caller, fail } = context;
  const order = await orders.byId(params.id, ownerFilter(caller, "orders:read"));
  if (!order) throw fail("not-found");
  const steps = await timeline.ofOrder(order.id);
  const paid = steps.find(({ event }) => event === "paid");
  if (!paid) throw fail("illegal-transition", "An order that was not paid has no invoice", { from: order.status });

  // A payment that came too late was never the order's; nor is what was given back of it.
  const given = (await refunds.ofOrder(order.id)).filter(({ cause }) => cause !== "late-payment");
  const listed = given.map(({ requestedAt: at, reason, amount }) => ({ at, reason, amount }));
  const invoice = invoiceOf(order, { seller, paidAt: paid.happenedAt, refunds: refundsOf(order.refunded, listed, steps) });
  const isPdf = params.mediaType === "application/pdf";
  const content = isPdf ? await renderInvoicePdf(invoice) : renderInvoiceHtml(invoice);
  const fileName = `invoice-${invoice.number}.${isPdf ? "pdf" : "html"}`;
  return { mediaType: params.mediaType, fileName, content: content.toString("base64") };
});
