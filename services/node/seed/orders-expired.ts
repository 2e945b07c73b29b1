import type { DemoShop } from "./demo-shop.ts";
import type { Trade } from "./seed-orders.ts";

const withinMs = 150_000;

/** Resolves when the orders that are to expire have done so. */
export async function ordersExpired(shop: DemoShop, trades: readonly Trade[]): Promise<void> {
  for (const { planned, order } of trades) {
    if (planned.outcome !== "expired") continue;
    await shop.until(
      "an order expires",
      async () => {
        const { status } = await shop.call("orders.get", { id: order.id });
        if (status === "placed") shop.show("waiting for unpaid orders to expire");
        return status === "placed" ? undefined : status;
      },
      withinMs,
    );
  }
}
