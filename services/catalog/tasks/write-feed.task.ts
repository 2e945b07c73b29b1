import { z } from "zod";
import { id } from "../../../mixins/contract/ids.ts";
import type { ImagePresenter } from "../../../mixins/media/present-image.ts";
import { task } from "../catalog.dependencies.ts";
import type { ExportedProduct } from "../data/export-repository.ts";
import type { FeedProduct } from "../domain/feed.ts";
import { feedFormats, feedKinds } from "../domain/feed.ts";
import { decimalsOf, toPriceText } from "../domain/price-text.ts";

const productsPerBatch = 100;
/** What the protocol of sitemaps allows for one file; a multiple of the batch. */
const productsPerFile = 50_000;

const nilId = "00000000-0000-0000-0000-000000000000";

/**
 * Writes a feed of the products on sale, in order of creation. Ends after 50,000; the result's `next` is where
 * the following file begins.
 */
export const writeFeed = task({
  kind: "write-feed",
  params: z.strictObject({ kind: z.enum(feedKinds), productUrl: z.string(), after: id.optional() }),
  checkpoint: z.object({ fileId: id.optional(), after: id.optional(), products: z.int().default(0) }),

  async run(context, { exported, files, imagePresenter, currency }) {
    const { taskId, params, checkpoint, commit } = context;
    const { extension, head, tail, entry } = feedFormats[params.kind];
    const present = (product: ExportedProduct) =>
      feedProduct(product, params.productUrl, currency, imagePresenter);
    let written = checkpoint;
    let next: string | null = null;
    for (let last = false; !last;) {
      const after = written.after ?? params.after ?? nilId;
      const batch = await exported.after(after, productsPerBatch);
      const onSale = batch.filter(
        ({ status, isWithheld, variants }) => status === "published" && !isWithheld && variants.length > 0,
      );
      const products = written.products + onSale.length;
      const isFull = products > productsPerFile - productsPerBatch;
      last = isFull || batch.length < productsPerBatch;
      next = isFull ? (batch.at(-1)?.id ?? null) : null;
      const isFirst = written.fileId === undefined;
      const entries = onSale.map((product) => entry(present(product))).join("");
      const text = `${isFirst ? head : ""}${entries}${last ? tail : ""}`;
      let state = written;
      await commit(async (tx) => {
        const now = Date.now();
        const fileId = written.fileId ?? (await files.create("result", taskId, now, tx));
        if (text !== "" || isFirst) await files.append(fileId, text, now, tx);
        state = { fileId, after: batch.at(-1)?.id ?? after, products };
        return { done: products, checkpoint: state };
      });
      written = state;
    }
    return { format: extension, kind: params.kind, products: written.products, next };
  },
});

function feedProduct(
  product: ExportedProduct,
  productUrl: string,
  currency: string,
  images: ImagePresenter,
): FeedProduct {
  const decimals = decimalsOf(currency);
  const url = productUrl.replace("{slug}", product.slug);
  const [image] = product.images;
  return {
    id: product.id,
    name: product.name,
    description: product.description,
    brand: product.brandName,
    seller: product.merchant?.name ?? null,
    url,
    imageUrl: image ? new URL(images.image(image).urls.zoom.jpeg, url).href : null,
    updatedAt: product.updatedAt,
    currency,
    variants: product.variants.map(({ sku, price, onHand }) => ({
      sku,
      price: toPriceText(price, decimals),
      isAvailable: onHand > 0,
    })),
  };
}
