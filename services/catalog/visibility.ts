import type { Caller } from "../contract/caller.ts";
import { may } from "../contract/caller.ts";
import type { ProductStatus } from "./domain/product-lifecycle.ts";

/** Whether a caller may know of a product in this status: drafts and archived ones are the staff's. */
export function maySee(caller: Caller, status: ProductStatus): boolean {
  return status === "published" || may(caller, "catalog:write");
}
