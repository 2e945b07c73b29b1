import { on } from "../notifications.dependencies.ts";

/** Announces that a variant costs less than before. What the product costs then is looked up when it is told. */
export const variantChanged = on(
  "catalog.changed",
  async ({ payload, occurredAt }, tx, { announcements }) => {
    const { entity, change, productId, before, after } = payload;
    if (entity !== "variant" || change !== "updated" || productId === undefined) return;
    const [was, is] = [priceIn(before), priceIn(after)];
    if (was === undefined || is === undefined || is >= was) return;
    const news = { kind: "price-fell", productId, priceBefore: was, occurredAt } as const;
    await announcements.add(news, Date.now(), tx);
  },
);

/** Announces that goods arrived of which there were none. */
export const stockChanged = on(
  "catalog.stock-changed",
  async ({ payload, occurredAt }, tx, { announcements }) => {
    const { productId, before, after } = payload;
    if (productId === undefined || before.onHand > 0 || after.onHand <= 0) return;
    const news = { kind: "back-in-stock", productId, priceBefore: null, occurredAt } as const;
    await announcements.add(news, Date.now(), tx);
  },
);

function priceIn(snapshot: Readonly<Record<string, unknown>> | null): number | undefined {
  const price = snapshot?.["priceMinor"];
  return typeof price === "number" ? price : undefined;
}
