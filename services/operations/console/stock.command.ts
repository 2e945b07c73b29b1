import type { ShopCommand } from "./command.ts";
import { table } from "./table.ts";

export const stock: ShopCommand = {
  usage: "stock <sku>",
  summary: "A variant's stock account and its last ten movements",
  async run({ call }, [sku = ""]) {
    const variant = await call("catalog.variants.find", { sku });
    const account = await call("catalog.stock.get", { variantId: variant.id });
    const { items } = await call("catalog.stock.movements", { variantId: variant.id, limit: 10 });
    const totals = table(
      ["sku", "on hand", "reserved", "sold", "returned", "received"],
      [[variant.sku, account.onHand, account.reserved, account.sold, account.returned, account.received]],
    );
    const movements = table(
      ["at", "movement", "quantity", "order", "by", "reason"],
      items.map(({ at, kind, quantity, orderId, actor, reason }) => [
        at,
        kind,
        quantity,
        orderId,
        actor,
        reason,
      ]),
    );
    return `${totals}\n\n${movements}`;
  },
};
