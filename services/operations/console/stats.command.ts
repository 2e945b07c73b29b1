import type { ShopCommand } from "./command.ts";
import { inUnits } from "./in-units.ts";
import { table } from "./table.ts";

const maxDays = 400;

export const stats: ShopCommand = {
  usage: "stats [days]",
  summary: "Sales of the last days, 7 by default, and the best-selling products",
  async run({ call }, [days = "7"]) {
    const length = Number(days);
    if (!Number.isInteger(length) || length < 1 || length > maxDays)
      throw new Error(`days must be a whole number from 1 to ${maxDays}`);
    const { period } = await call("statistics.overview", { days: length });
    const { from, to } = period;
    const byDay = await call("statistics.sales.days", { from, to, limit: Math.min(length, 100) });
    const top = await call("statistics.sales.products", { from, to, limit: 10 });
    const headings = ["placed", "paid", "cancelled", "expired", "units paid", "refunded", "revenue"];
    type Figures = Omit<typeof period, "from" | "to">;
    const cells = (figures: Figures) => [
      figures.ordersPlaced,
      figures.ordersPaid,
      figures.ordersCancelled,
      figures.ordersExpired,
      figures.unitsPaid,
      inUnits(figures.refunded),
      inUnits(figures.revenue),
    ];
    const sales = table(
      ["day", ...headings],
      [...byDay.items.map((day) => [day.day, ...cells(day)]), [`${from} to ${to}`, ...cells(period)]],
    );
    const products = table(
      ["product", "units paid", "returned", "revenue"],
      top.items.map((product) => [
        product.name ?? product.productId,
        product.unitsPaid,
        product.unitsReturned,
        inUnits(product.revenue),
      ]),
    );
    return `${sales}\n\n${products}`;
  },
};
