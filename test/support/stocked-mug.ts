import type { Shop } from "./shop.ts";

/** A published product with one variant in stock. @returns the variant's id */
export async function stockedMug(
  shop: Shop,
  { quantity, priceMinor }: { readonly quantity: number; readonly priceMinor: number },
): Promise<string> {
  const { variants } = await shop.call("catalog.products.create", {
    slug: "mug",
    name: "Mug",
    status: "published",
    variants: [{ sku: "MUG", priceMinor, options: {} }],
  });
  const [variant] = variants;
  if (!variant) throw new Error("a mug has no variant");
  const received = { kind: "receive", quantity, reason: "delivery" } as const;
  await shop.call("catalog.stock.change", { variantId: variant.id, ...received });
  return variant.id;
}
