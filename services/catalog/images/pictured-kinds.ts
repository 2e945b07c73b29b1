import { difference } from "../../../mixins/contract/changes.ts";
import type { StoredImage } from "../../../mixins/contract/stored-image.ts";
import type { Tx } from "../../../mixins/database/database.ts";
import type { ImagesChange, PicturedKind } from "../../../mixins/media/image-parts.ts";
import type { BrandRepository } from "../data/brand-repository.ts";
import type { CategoryRepository } from "../data/category-repository.ts";
import type { CollectionRepository } from "../data/collection-repository.ts";
import type { ProductRepository } from "../data/product-repository.ts";

type Pictured = "product" | "category" | "brand" | "collection";

const maxOfProduct = 20;

/** What of the catalogue has images. */
export function picturedKinds({
  products,
  categories,
  brands,
  collections,
}: {
  readonly products: ProductRepository;
  readonly brands: BrandRepository;
  readonly categories: CategoryRepository;
  readonly collections: CollectionRepository;
}): PicturedKind[] {
  return [
    {
      kind: "product",
      max: maxOfProduct,
      lock: async (id, tx, among) => (await products.lock(id, tx, among)) !== undefined,
      save: async (change, tx) => {
        await products.setImages(change.ownerId, change.after, tx);
        publish("product", change, tx);
      },
    },
    withOneImage("category", categories),
    withOneImage("brand", brands),
    withOneImage("collection", collections),
  ];
}

function withOneImage(
  kind: Exclude<Pictured, "product">,
  repository: CategoryRepository | BrandRepository | CollectionRepository,
): PicturedKind {
  return {
    kind,
    max: 1,
    lock: async (id, tx) => (await repository.lock(id, tx)) !== undefined,
    save: async (change, tx) => {
      await repository.setImage(change.ownerId, change.after[0] ?? null, tx);
      publish(kind, change, tx);
    },
  };
}

function publish(entity: Pictured, { ownerId: id, before, after }: ImagesChange, tx: Tx): void {
  const differing = difference({ images: before.map(snapshot) }, { images: after.map(snapshot) });
  if (differing) tx.publish("catalog.changed", { entity, id, change: "updated", ...differing });
}

/** Of an image, what staff edit. */
function snapshot({ id, alt, focalPoint }: StoredImage): object {
  return { id, alt, focalPoint };
}
