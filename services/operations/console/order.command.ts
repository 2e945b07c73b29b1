import type { ShopCommand } from "./command.ts";
import { inUnits } from "./in-units.ts";
import { table } from "./table.ts";

export const order: ShopCommand = {
  usage: "order <number>",
  summary: "An order with its lines, its parts if there are several, and its history",
  async run({ call }, [number = ""]) {
    const [found] = (await call("orders.list", { number, limit: 1 })).items;
    if (!found) throw new Error(`no order ${number}`);
    const [whole, timeline] = await Promise.all([
      call("orders.get", { id: found.id }),
      call("orders.timeline", { id: found.id }),
    ]);
    const head = table(
      ["number", "status", "total", "refunded", "customer", "id"],
      [
        [
          whole.number,
          whole.status,
          inUnits(whole.total),
          inUnits(whole.refunded),
          whole.customerId,
          whole.id,
        ],
      ],
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
    const parts = table(
      ["part", "merchant", "status", "total", "refunded"],
      whole.parts.map((part) => [
        part.id,
        part.merchantId ?? "–",
        part.status,
        inUnits(part.total),
        inUnits(part.refunded),
      ]),
    );
    const events = table(
      ["at", "event", "by", "reason"],
      timeline.items.map(({ at, event, actor, reason }) => [at, event, actor, reason]),
    );
    return [head, lines, ...(whole.parts.length > 1 ? [parts] : []), events].join("\n\n");
  },
};
