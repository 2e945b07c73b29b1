import { ShopError } from "../../mixins/contract/errors.ts";
import { parsePhoneNumber } from "./domain/phone-number.ts";

/**
 * Checks a number against its country's numbering plan.
 *
 * @param countries to whose numbers codes are sent; empty: all
 * @returns the number in E.164
 * @throws ShopError `validation-failed` for one that does not exist, takes no messages or is not served
 */
export async function assertTakesMessages(phone: string, countries: readonly string[]): Promise<string> {
  const parsed = await parsePhoneNumber(phone);
  if (!parsed) throw refused("invalid-number", "is not a number of any country");
  if (!parsed.takesMessages) throw refused("no-mobile-number", "is not the number of a mobile phone");
  if (countries.length > 0 && !countries.includes(parsed.country ?? ""))
    throw refused("country-not-served", "is a number of a country that no codes are sent to");
  return parsed.number;
}

function refused(code: string, message: string): ShopError<"validation-failed"> {
  return new ShopError("validation-failed", undefined, { errors: [{ path: "phone", code, message }] });
}
