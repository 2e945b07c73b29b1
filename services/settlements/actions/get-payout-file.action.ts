import { stringify } from "csv-stringify/sync";
import { escapeFormula } from "../../../mixins/support/escape-formula.ts";
import { action } from "../settlements.dependencies.ts";

const header = [
  "transfer",
  "merchant",
  "name",
  "holder",
  "number",
  "bank",
  "amount-minor",
  "currency",
  "status",
];

export const getPayoutFile = action("settlements.payouts.file", async ({ params, fail }, { payouts }) => {
  const payout = await payouts.byId(params.id);
  if (!payout) throw fail("not-found");
  const transfers = await payouts.transfersOf(payout.id);
  const lines = transfers.map(({ id, merchantId, merchantName, account, amount, status }) => [
    id,
    merchantId,
    escapeFormula(merchantName ?? ""),
    escapeFormula(account?.holder ?? ""),
    account?.number ?? "",
    escapeFormula(account?.bank ?? ""),
    amount,
    payout.currency,
    status,
  ]);
  const csv = stringify([header, ...lines], { bom: true });
  const fileName = `payout-${payout.id}.csv`;
  return { mediaType: params.mediaType, fileName, content: Buffer.from(csv).toString("base64") };
});
