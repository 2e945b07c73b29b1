import { ShopError } from "../../../mixins/contract/errors.ts";
import { areTied, isSoundArea } from "./areas.ts";
import type { Zone } from "./rate-groups.ts";

/**
 * Checks the areas of a zone, and that no other zone of its merchant has an equally specific one for an address.
 *
 * @param others zones of its merchant, with or without itself
 * @throws ShopError `validation-failed`, `already-exists`
 */
export function assertUntied(zone: Pick<Zone, "id" | "areas">, others: readonly Zone[]): void {
  const fault = zone.areas.findIndex((area) => !isSoundArea(area));
  if (fault >= 0) {
    const message = "must begin and end with codes of the same length, in order";
    throw new ShopError("validation-failed", undefined, {
      errors: [{ path: `areas.${fault}`, code: "invalid-value", message }],
    });
  }
  for (const other of others) {
    if (other.id === zone.id) continue;
    const tied = zone.areas.findIndex((area) => other.areas.some((one) => areTied(area, one)));
    if (tied < 0) continue;
    throw new ShopError("already-exists", `The zone ${other.name} has the same area`, {
      errors: [{ path: `areas.${tied}`, code: "taken", message: "is an area of another zone" }],
    });
  }
}
