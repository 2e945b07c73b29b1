/** A phone number that was checked against its country's numbering plan. */
export interface PhoneNumber {
  /** E.164, e.g. `+8613800138000`. */
  readonly number: string;
  /** ISO 3166-1 alpha-2 code; undefined where several countries share the number's range. */
  readonly country: string | undefined;
  /** False for fixed lines, premium rates and other numbers that take no messages, or cost too much. */
  readonly takesMessages: boolean;
}

/** Loads the numbering plans, 1 MB, with the first number. */
export async function parsePhoneNumber(text: string): Promise<PhoneNumber | undefined> {
  const { parsePhoneNumberFromString } = await import("libphonenumber-js/max");
  const parsed = parsePhoneNumberFromString(text, { extract: false });
  if (!parsed?.isValid()) return undefined;
  const type = parsed.getType();
  return {
    number: parsed.number,
    country: parsed.country,
    takesMessages: type === "MOBILE" || type === "FIXED_LINE_OR_MOBILE",
  };
}
