import { stringify } from "csv-stringify/sync";
import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { escapeFormula } from "../../../mixins/support/escape-formula.ts";
import type { Transaction } from "../data/ledger-repository.ts";
import { findMerchant } from "../find-merchant.ts";
import { action } from "../settlements.dependencies.ts";

const batch = 1000;
const header = ["sequence", "at", "kind", "order", "reason", "pending", "due", "currency"];

export const getStatement = action(
  "settlements.statements.get",
  async ({ params, caller, now }, dependencies) => {
    const { ledger, currency } = dependencies;
    const { merchantId, month = toTimestamp(now).slice(0, 7), mediaType } = params;
    await findMerchant(merchantId, "settlements:read", caller, dependencies);
    const from = Date.parse(`${month}-01T00:00:00.000Z`);
    const start = new Date(from);
    const before = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1);

    const opening = await ledger.balanceBefore(merchantId, from);
    const closing = await ledger.balanceBefore(merchantId, before);
    const lines: (string | number)[][] = [
      header,
      ["", toTimestamp(from), "opening-balance", "", "", opening.pending, opening.due, currency],
    ];
    let transactions: Transaction[];
    let sequence = 0;
    do {
      transactions = await ledger.period(merchantId, { from, before, sequence }, batch);
      for (const one of transactions)
        lines.push([
          one.sequence,
          toTimestamp(one.postedAt),
          one.kind,
          one.orderNumber ?? "",
          escapeFormula(one.reason ?? ""),
          one.pending,
          one.due,
          currency,
        ]);
      sequence = transactions.at(-1)?.sequence ?? sequence;
    } while (transactions.length === batch);
    lines.push(["", toTimestamp(before), "closing-balance", "", "", closing.pending, closing.due, currency]);
    const content = Buffer.from(stringify(lines, { bom: true })).toString("base64");
    return { mediaType, fileName: `statement-${month}.csv`, content };
  },
);
