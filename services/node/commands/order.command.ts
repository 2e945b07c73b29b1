import type { Money } from "../../contract/money.ts";
import type { ShopCommand } from "./command.ts";
import { table } from "./table.ts";

export const order: ShopCommand = {
  usage: "order <number>",
  summary: "An order with its lines and what happened to it",
  async run({ call }, [number = ""]) {
    const [found] = (await call("orders.list", { number, limit: 1 })).items;
    if (!found) throw new Error(`there is no order ${number}`);
    const [whole, timeline] = await Promise.all([
      call("orders.get", { id: found.id }),
      call("orders.timeline", { id: found.id }),
    ]);
    const head = table(
      ["number", "status", "total", "refunded", "customer", "id"],
      [[whole.number, whole.status, inUnits(whole.total), inUnits(whole.refunded), whole.customerId, whole.id]],
    );
    const lines = table(
      ["sku", "name", "quantity", "returned", "each", "together"],
      whole.lines.map((line) => [
        line.sku,
        line.name,
        line.quantity,
        line.returnedQuantity,
        inUnits(line.unitPrice),
        inUnits(line.lineTotal),
      ]),
    );
    const events = table(
      ["at", "event", "by", "reason"],
      timeline.items.map(({ at, event, actor, reason }) => [at, event, actor, reason]),
    );
    return [head, lines, events].join("\n\n");
  },
};

/** `19.99 GBP`, `500 JPY`. */
function inUnits({ amount, currency }: Money): string {
  const digits = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return `${(amount / 10 ** digits).toFixed(digits)} ${currency}`;
}
