import { z } from "zod";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import type { ProductRepository } from "../data/product-repository.ts";
import type { ProductSummary } from "../data/product-summary.ts";
import type { ProductStatus } from "../domain/product-lifecycle.ts";
import type { Found } from "./search-engine.ts";

export const byRelevance = "relevance";

/**
 * One page of the found products by relevance.
 *
 * @throws ShopError `validation-failed` when the cursor belongs to another list
 */
export async function rankedPage(
  found: Found,
  request: PageRequest,
  products: ProductRepository,
  { status, withTexts }: { readonly status: ProductStatus; readonly withTexts: boolean },
): Promise<Page<ProductSummary>> {
  const offset = request.cursor === undefined ? 0 : readCursor(request.cursor);
  const end = offset + request.limit;
  const ranked = await products.summaries(found.productIds.slice(offset, end), { withTexts });
  // An earlier version's node may have archived one without telling the search index.
  const items = ranked.filter((product) => product.status === status);
  const nextCursor = end < found.productIds.length ? writeCursor(end) : null;
  return { items, nextCursor, ...(request.count ? totalOf(found) : {}) };
}

function totalOf({ productIds, isComplete }: Found): Pick<Page<never>, "total" | "totalIsExact"> {
  return isComplete ? { total: productIds.length } : { total: productIds.length, totalIsExact: false };
}

/** The position of the next product: a ranking is short, and computed anew for each page. */
function writeCursor(offset: number): string {
  return Buffer.from(JSON.stringify([byRelevance, offset])).toString("base64url");
}

const cursorContent = z.tuple([z.literal(byRelevance), z.int().min(0)]);

function readCursor(cursor: string): number {
  try {
    return cursorContent.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")))[1];
  } catch {
    const message = "is not a cursor of this list in this order";
    throw new ShopError("validation-failed", undefined, {
      errors: [{ path: "cursor", code: "invalid-cursor", message }],
    });
  }
}
