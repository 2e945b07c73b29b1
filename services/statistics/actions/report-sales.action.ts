import { merchantsOf, periodOf } from "../period.ts";
import { action } from "../statistics.dependencies.ts";
import { csvOf } from "../write-csv.ts";

const maxRows = 10_000;

export const reportSales = action("statistics.sales.report", async (context, dependencies) => {
  const { calendar, figures, products, currency } = dependencies;
  const { params, caller, now } = context;
  const { by, mediaType } = params;
  const period = periodOf(params, calendar, now);
  const merchants = merchantsOf(caller, params.merchantId);
  const request = { limit: maxRows, sort: by === "days" ? "day" : "-revenue", count: false };
  const { items } = await figures.list(by, { ...period, merchants }, request);
  const names =
    by === "products" ? await products.namesOf(items.map(({ id }) => id)) : new Map<string, string>();
  const rows = items.map((row) => ({ by, about: row.id, name: names.get(row.id) ?? "", figures: row }));
  return {
    mediaType,
    fileName: `sales-by-${by}-${period.from}-${period.to}.csv`,
    content: Buffer.from(csvOf(rows, currency, true)).toString("base64"),
  };
});
