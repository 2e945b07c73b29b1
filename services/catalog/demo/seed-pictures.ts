import { Readable } from "node:stream";
import type { Origin } from "../../../mixins/database/database.ts";
import type { CatalogDependencies } from "../catalog.dependencies.ts";
import type { MallProduct } from "./demo-mall.ts";
import { drawPicture } from "./draw-picture.ts";
import { textsFor } from "./demo-texts.ts";

/** Draws a product's picture and adds it, unless the product has one or is gone, or the shop stores no images. */
export async function seedPicture(
  product: MallProduct,
  origin: Origin,
  { products, images, locales }: CatalogDependencies,
): Promise<void> {
  if (!images.parts.hasStore) return;
  const found = await products.byIdOrSlug(product.slug);
  if (!found) return;
  const thing = { kind: "product", id: found.id };
  if ((await images.list(thing)).length > 0) return;
  const picture = await rendered(drawPicture(product.picture));
  const { image } = await images.add(thing, Readable.from([picture]), origin);
  const { name, texts } = textsFor({ name: product.name }, locales.default);
  const alt = { [locales.default]: name };
  for (const [locale, fields] of Object.entries(texts)) alt[locale] = fields["name"] ?? name;
  await images.update(thing, image.id, { alt }, origin);
}

/** As PNG. Loaded on demand: only seeding draws. The SVG is the program's own. */
export async function rendered(svg: string): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  return sharp(Buffer.from(svg)).png({ compressionLevel: 9 }).toBuffer();
}
