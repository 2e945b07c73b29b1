import type { Address } from "../../../mixins/contract/fields.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import { provinceOf, regionData } from "./regions.ts";

/** @throws ShopError `validation-failed` for codes that do not exist, or are of another country or province */
export async function assertRegions({ country, subdivision, divisionCode }: Address): Promise<void> {
  if (subdivision === undefined && divisionCode === undefined) return;
  const { subdivisions, divisions } = await regionData();
  if (subdivision !== undefined) {
    if (!subdivisions.has(subdivision)) throw refused("subdivision", "unknown-code", "is no ISO 3166-2 code");
    if (!subdivision.startsWith(`${country}-`))
      throw refused("subdivision", "other-country", "is a subdivision of another country");
  }
  if (divisionCode === undefined) return;
  if (country !== "CN") throw refused("divisionCode", "other-country", "is for addresses in China");
  if (!divisions.has(divisionCode)) throw refused("divisionCode", "unknown-code", "is no GB/T 2260 code");
  if (subdivision !== undefined && provinceOf(divisionCode) !== subdivision)
    throw refused("divisionCode", "other-province", "is in another province");
}

function refused(field: string, code: string, message: string): ShopError<"validation-failed"> {
  const errors = [{ path: `address.${field}`, code, message }];
  return new ShopError("validation-failed", undefined, { errors });
}
