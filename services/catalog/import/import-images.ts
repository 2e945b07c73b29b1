import type { Origin } from "../../../mixins/database/database.ts";
import type { ErrorCode } from "../../../mixins/contract/errors.ts";
import { isShopError, ShopError } from "../../../mixins/contract/errors.ts";
import type { Images, StoredFile } from "../../../mixins/media/images.ts";
import { fetchPublic } from "../../../mixins/support/fetch-public.ts";
import { FetchFault } from "../../../mixins/support/public-request.ts";
import type { WantedImages } from "../domain/import-plan.ts";
import type { RowError } from "../domain/import-row.ts";
import { pictureName } from "./open-archive.ts";

/** For one image, redirects included. */
const fetchTimeoutMs = 20_000;

/** Why a file is no picture. */
export interface PictureFault {
  readonly code: ErrorCode;
  readonly message: string;
}

/** A picture that came with the rows: stored, or why it is none. */
export type ArchivedPicture =
  | { readonly name: string; readonly file: StoredFile }
  | { readonly name: string; readonly fault: PictureFault };

export interface ImageSources {
  /** Pictures that came with the rows, by name. */
  readonly archived: ReadonlyMap<string, ArchivedPicture>;
  readonly images: Images;
  readonly origin: Origin;
}

/** What became of the images of a row. */
export interface ImageOutcome {
  readonly added: number;
  /** Images that the product had. */
  readonly known: number;
  readonly errors: readonly RowError[];
}

/** Adds the images that a row names to its product, in order, fetching them where they are URLs. */
export async function importImages(
  { row, productId, images: names }: WantedImages,
  sources: ImageSources,
): Promise<ImageOutcome> {
  const thing = { kind: "product", id: productId };
  const errors: RowError[] = [];
  let [added, known] = [0, 0];
  for (const name of names)
    try {
      const isNew = !(await isShown(name, productId, sources)) && (await addImage(name, thing, sources));
      if (isNew) added += 1;
      else known += 1;
    } catch (error) {
      const fault = faultOf(error);
      if (!fault) throw error;
      errors.push({
        row,
        field: "images",
        code: fault.code,
        message: `${name.slice(0, 200)}: ${fault.message}`,
      });
    }
  return { added, known, errors };
}

/** True for the URL of one of the product's own images, as an export has them. */
async function isShown(name: string, productId: string, { images }: ImageSources): Promise<boolean> {
  const [, hash] = /\/([0-9a-f]{64})-[a-z]+\.(?:webp|jpg)$/.exec(name) ?? [];
  if (hash === undefined) return false;
  return (await images.list({ kind: "product", id: productId })).some((image) => image.hash === hash);
}

async function addImage(
  name: string,
  thing: { readonly kind: string; readonly id: string },
  { archived, images, origin }: ImageSources,
): Promise<boolean> {
  // Permanent, unlike other faults of the store, after which the batch is retried.
  if (!images.parts.hasStore) throw new FetchFault("unreachable", "the shop has no store for images");
  const isUrl = /^[a-z][a-z0-9+.-]*:/i.test(name);
  const file = isUrl
    ? await images.store(fetchPublic(name, { timeoutMs: fetchTimeoutMs }), origin)
    : storedWith(archived.get(pictureName(name)));
  return images.addStored(thing, file, origin);
}

function storedWith(picture: ArchivedPicture | undefined): StoredFile {
  if (!picture) throw new ShopError("not-found", "no such picture came with the rows");
  if ("fault" in picture) throw new ShopError(picture.fault.code, picture.fault.message);
  return picture.file;
}

/** A fault of the image, to report; undefined for one of the shop, after which the batch is retried. */
function faultOf(error: unknown): { readonly code: string; readonly message: string } | undefined {
  return error instanceof FetchFault ? error : pictureFault(error);
}

/** Why a file could not be stored as a picture; undefined for a fault of the shop. */
export function pictureFault(error: unknown): PictureFault | undefined {
  if (!isShopError(error) || isShopError(error, "unavailable")) return undefined;
  return { code: error.type, message: error.message };
}
