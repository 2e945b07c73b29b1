import type { Invoice } from "../domain/invoice.ts";
import { Html, html } from "./html.ts";
import type { Sum } from "./wording.ts";
import { wordingOf } from "./wording.ts";

const style = new Html(`
body { font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif }
body { color: #1c1c1c; max-width: 46rem; margin: 3rem auto; padding: 0 1.5rem }
h1 { font-size: 1.6rem; margin: 0 0 1.5rem }
h2 { font-size: 1rem; margin: 2rem 0 .25rem }
.parties { display: flex; flex-wrap: wrap; gap: 2rem; justify-content: space-between }
.parties p { margin: 0 } dl { display: grid; align-content: start; grid-template-columns: auto auto; gap: 0 1rem; margin: 0 } dd { margin: 0 }
dt, small, th { color: #666 } small { display: block }
table { width: 100%; border-collapse: collapse; margin-top: 2rem }
th { font-weight: normal; text-align: left; border-bottom: 1px solid #999 }
td, th { padding: .35rem 0 .35rem 1rem; vertical-align: top } td:first-child, th:first-child { padding-left: 0 }
td { overflow-wrap: anywhere } tbody td { border-bottom: 1px solid #e4e4e4 }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums } .sums td { border: 0 } .sums { margin-top: .5rem }
.total td { font-weight: bold; border-top: 1px solid #999 }
@media print { body { margin: 0; max-width: none } tr { break-inside: avoid } }
`);

/** Renders the invoice as a self-contained page: no scripts, no external resources. */
export function renderInvoiceHtml(invoice: Invoice): Buffer {
  const { title, seller, buyer, facts, columns, lines, sums, refunds } = wordingOf(invoice);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <h1>${title}</h1>
        <div class="parties">
          <div>${seller.map(paragraph)}</div>
          <div>${buyer.map(paragraph)}</div>
          <dl>
            ${facts.map(
              ([name, value]) =>
                html`<dt>${name}</dt>
                  <dd>${value}</dd>`,
            )}
          </dl>
        </div>
        <table>
          <thead>
            <tr>
              <th>Goods</th>
              ${columns.map((name) => html`<th class="n">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${lines.map(
              ({ name, detail, cells }) =>
                html`<tr>
                  <td dir="auto">${name}<small>${detail}</small></td>
                  ${cells.map((cell) => html`<td class="n">${cell}</td>`)}
                </tr> `,
            )}
          </tbody>
        </table>
        ${table(sums)} ${refunds.length === 0 ? [] : [html`<h2>Refunds</h2>`, table(refunds)]}
      </body>
    </html> `;
  return Buffer.from(page.markup);
}

function paragraph(text: string): Html {
  return html`<p dir="auto">${text}</p>`;
}

function table(sums: readonly Sum[]): Html {
  const rows = sums.map(
    ({ label, amount, isTotal }) =>
      html`<tr class="${isTotal ? "total" : ""}">
        <td dir="auto">${label}</td>
        <td class="n">${amount}</td>
      </tr> `,
  );
  return html`<table class="sums">
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}
