import { ownerFilter } from "../../../mixins/contract/caller.ts";
import { invoiceOf, refundsOf } from "../domain/invoice.ts";
import { renderInvoiceHtml } from "../invoice/render-html.ts";
import { storedPdf } from "../invoice/stored-pdf.ts";
import { action } from "../orders.dependencies.ts";

export const getInvoice = action("orders.invoices.get", async (context, dependencies) => {
  const { orders, refunds, timeline, seller } = dependencies;
  const { params, caller, fail } = context;
  const order = await orders.byId(params.id, ownerFilter(caller, "orders:read"));
  if (!order) throw fail("not-found");
  const steps = await timeline.ofOrder(order.id);
  const paid = steps.find(({ event }) => event === "paid");
  if (!paid) throw fail("illegal-transition", "An unpaid order has no invoice", { from: order.status });

  // Excludes refunds of late payments, which did not pay the order.
  const listable = (await refunds.ofOrder(order.id)).filter(({ cause }) => cause !== "late-payment");
  const listed = listable.map(({ requestedAt: at, reason, amount }) => ({ at, reason, amount }));
  const invoice = invoiceOf(order, {
    seller,
    paidAt: paid.happenedAt,
    refunds: refundsOf(order.refunded, listed, steps),
  });
  const isPdf = params.mediaType === "application/pdf";
  const content = isPdf
    ? await storedPdf(order.id, invoice, context, dependencies)
    : renderInvoiceHtml(invoice).toString("base64");
  const fileName = `invoice-${invoice.number}.${isPdf ? "pdf" : "html"}`;
  return { mediaType: params.mediaType, fileName, content };
});
