import { renderInvoicePdf } from "./render-pdf.ts";

/**
 * What a thread of the pool does with each invoice that it is given.
 *
 * @param {import("../domain/invoice.ts").Invoice} invoice
 * @returns {Promise<string>} PDF in base64
 */
export default async function render(invoice) {
  return (await renderInvoicePdf(invoice)).toString("base64");
}
