import type { AfterSalesConfig } from "../../../config/after-sales.ts";
import type { AfterSale } from "./after-sale-model.ts";

/** How long each side may take. */
export type Deadlines = AfterSalesConfig;

/** Due time of what waits for nothing: the year 9999. Not null, so that lists can be sorted by it. */
export const never = 253_402_300_799_000;

/** When the after-sale's present status ends by itself; `never` when the shop itself is to act, or it has ended. */
export function dueAt(
  { status, remedy, kind }: Pick<AfterSale, "status" | "remedy" | "kind">,
  now: number,
  terms: Deadlines,
): number {
  switch (status) {
    case "requested":
      return now + terms.answerMs;
    case "rejected":
      return now + terms.escalateMs;
    case "disputed":
      return now + terms.decideMs;
    case "approved":
      return kind === "refund-only" ? never : now + terms.sendMs;
    case "sent-back":
      return now + terms.receiveMs;
    case "received":
      return remedy === "refund" ? never : now + terms.replaceMs;
    case "refunded":
    case "replaced":
    case "withdrawn":
    case "closed":
      return never;
    default:
      return status satisfies never;
  }
}

/** Whether the shop owes the refund now. */
export function owesRefund({ status, remedy, kind }: Pick<AfterSale, "status" | "remedy" | "kind">): boolean {
  return (status === "approved" && kind === "refund-only") || (status === "received" && remedy === "refund");
}
