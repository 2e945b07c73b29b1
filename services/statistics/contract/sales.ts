import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { document } from "../../../mixins/contract/document.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { day, maxDays, salesFigures, salesPeriod } from "./figures.ts";

const merchantsToo = { merchantOr: "statistics:read" } as const;

export const salesSorts = ["revenue", "unitsPaid", "ordersPaid", "unitsPlaced", "unitsReturned"] as const;
const merchantId = id.nullable().describe("null for the shop's own goods");
const dayFigures = z.strictObject({ day, ...salesFigures }).meta({ id: "SalesOfDay" });
const productFigures = z
  .strictObject({
    productId: id,
    name: z.string().nullable().describe("null when the catalogue has not told it"),
    ...salesFigures,
  })
  .meta({ id: "SalesOfProduct" });
const categoryFigures = z
  .strictObject({ categoryId: id.nullable().describe("null for goods without a category"), ...salesFigures })
  .meta({ id: "SalesOfCategory" });
const merchantFigures = z.strictObject({ merchantId, ...salesFigures }).meta({ id: "SalesOfMerchant" });

const range = `A period has at most ${maxDays} days.`;

/** What the figures of a report are listed by. */
export const reportBy = ["days", "products", "categories", "merchants"] as const;

/** Sales, for staff and for members of merchants. */
export const salesActions = {
  overview: action({
    summary: "Get the sales of today and of the last days",
    description:
      "Staff see the whole mall, and who is online; members of merchants see their merchants' sales only.",
    access: merchantsToo,
    route: { method: "GET", path: "/statistics/overview" },
    params: z.strictObject({
      merchantId: salesPeriod.merchantId,
      days: z.int().min(1).max(maxDays).default(30).describe("Length of the period, today included"),
    }),
    result: z
      .strictObject({
        timeZone: z.string().describe("Days are those of this zone"),
        today: dayFigures,
        period: z.strictObject({ from: day, to: day, ...salesFigures }),
        users: z
          .strictObject({ online: z.int(), peakToday: z.int(), loginsToday: z.int() })
          .nullable()
          .describe("null for members of merchants"),
      })
      .meta({ id: "StatisticsOverview" }),
    errors: [],
    idempotent: true,
    reads: "replica",
  }),
  "sales.days": action({
    summary: "List sales by day",
    description: `Days without sales are omitted. ${range}`,
    access: merchantsToo,
    route: { method: "GET", path: "/statistics/sales/days" },
    params: z.strictObject({ ...pageParams(["day"], "-day"), ...salesPeriod }),
    result: page(dayFigures),
    errors: [],
    idempotent: true,
    reads: "replica",
  }),
  "sales.products": action({
    summary: "List sales by product, the best-selling first",
    description: range,
    access: merchantsToo,
    route: { method: "GET", path: "/statistics/sales/products" },
    params: z.strictObject({ ...pageParams(salesSorts, "-revenue"), ...salesPeriod }),
    result: page(productFigures),
    errors: [],
    idempotent: true,
    reads: "replica",
  }),
  "sales.categories": action({
    summary: "List sales by category",
    description: `The category of a product when it was sold, without those above it. ${range}`,
    access: merchantsToo,
    route: { method: "GET", path: "/statistics/sales/categories" },
    params: z.strictObject({ ...pageParams(salesSorts, "-revenue"), ...salesPeriod }),
    result: page(categoryFigures),
    errors: [],
    idempotent: true,
    reads: "replica",
  }),
  "sales.merchants": action({
    summary: "List sales by merchant",
    description: `An order of several merchants counts for each of them. ${range}`,
    access: merchantsToo,
    route: { method: "GET", path: "/statistics/sales/merchants" },
    params: z.strictObject({ ...pageParams(salesSorts, "-revenue"), ...salesPeriod }),
    result: page(merchantFigures),
    errors: [],
    idempotent: true,
    reads: "replica",
  }),
  "sales.report": action({
    summary: "Download sales as CSV",
    description: `At most 10,000 rows: the first days, or those of the greatest revenue. It begins with a byte order mark; amounts are minor units. ${range}`,
    access: merchantsToo,
    route: {
      method: "GET",
      path: "/statistics/sales/report",
      document: { mediaTypes: ["text/csv"], mediaTypeParam: "mediaType" },
    },
    params: z.strictObject({
      ...salesPeriod,
      by: z.enum(reportBy).default("days"),
      mediaType: z.literal("text/csv").default("text/csv"),
    }),
    result: document,
    errors: [],
    idempotent: true,
    reads: "replica",
    fairQueue: { concurrency: 2, maxWaiting: 20 },
  }),
};
