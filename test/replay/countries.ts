/** Default for unknown countries: the retailer's. */
const ofTheRetailer = "GB";

/** ISO 3166-1 alpha-2 codes of the names that the data set uses. */
const codes: ReadonlyMap<string, string> = new Map([
  ["Australia", "AU"],
  ["Austria", "AT"],
  ["Bahrain", "BH"],
  ["Belgium", "BE"],
  ["Brazil", "BR"],
  ["Canada", "CA"],
  ["Channel Islands", "JE"],
  ["Cyprus", "CY"],
  ["Czech Republic", "CZ"],
  ["Denmark", "DK"],
  ["EIRE", "IE"],
  ["Finland", "FI"],
  ["France", "FR"],
  ["Germany", "DE"],
  ["Greece", "GR"],
  ["Hong Kong", "HK"],
  ["Iceland", "IS"],
  ["Israel", "IL"],
  ["Italy", "IT"],
  ["Japan", "JP"],
  ["Lebanon", "LB"],
  ["Lithuania", "LT"],
  ["Malta", "MT"],
  ["Netherlands", "NL"],
  ["Norway", "NO"],
  ["Poland", "PL"],
  ["Portugal", "PT"],
  ["RSA", "ZA"],
  ["Saudi Arabia", "SA"],
  ["Singapore", "SG"],
  ["Spain", "ES"],
  ["Sweden", "SE"],
  ["Switzerland", "CH"],
  ["United Arab Emirates", "AE"],
  ["United Kingdom", "GB"],
  ["USA", "US"],
]);

/** The country code of a name in the file; the retailer's for "Unspecified", "European Community" and the like. */
export function countryCode(name: string): string {
  return codes.get(name) ?? ofTheRetailer;
}
