import type { Caller } from "../../mixins/contract/caller.ts";
import { merchantFilter } from "../../mixins/contract/caller.ts";
import { ShopError } from "../../mixins/contract/errors.ts";
import { maxDays } from "./contract/figures.ts";
import type { Calendar, Day } from "./domain/day.ts";
import { addDays, daysBetween } from "./domain/day.ts";

const defaultDays = 30;

/** @throws ShopError `validation-failed` for a period that ends before it begins, or is too long */
export function periodOf(
  params: { readonly from?: Day | undefined; readonly to?: Day | undefined },
  calendar: Calendar,
  now: number,
): { readonly from: Day; readonly to: Day } {
  const to = params.to ?? calendar.dayOf(now);
  const from = params.from ?? addDays(to, 1 - defaultDays);
  const days = daysBetween(from, to);
  if (days < 1 || days > maxDays) {
    const message = days < 1 ? "must not be after to" : `must be at most ${maxDays} days before to`;
    throw new ShopError("validation-failed", undefined, {
      errors: [{ path: "from", code: "invalid-value", message }],
    });
  }
  return { from, to };
}

/**
 * The merchants whose sales the caller may see and asks for, as the figures have them; undefined: all together. Those
 * of others match no row.
 */
export function merchantsOf(caller: Caller, wanted: string | undefined): readonly string[] | undefined {
  return merchantFilter(caller, "statistics:read", wanted === "shop" ? "" : wanted);
}
