import { toTimestamp } from "../../mixins/contract/fields.ts";
import type { Tx } from "../../mixins/database/database.ts";
import type { Terms } from "./data/terms-repository.ts";

/** Tells others of new terms, in the transaction that adds them. */
export function publishTerms(
  merchantId: string,
  { version, validFrom, basisPoints, categories }: Omit<Terms, "createdAt">,
  tx: Tx,
): void {
  const rates = { basisPoints, categories: [...categories] };
  tx.publish("merchants.terms-changed", { merchantId, version, validFrom: toTimestamp(validFrom), ...rates });
}
