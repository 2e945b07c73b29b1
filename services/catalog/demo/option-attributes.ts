import type { Attributes } from "./demo-kind.ts";

/** Choices of the attribute `colour` for the colours of options. */
const colours: Readonly<Record<string, string>> = {
  cream: "beige",
  olive: "green",
  sand: "beige",
  terracotta: "orange",
};

/** Choices of the attribute `clothing_size` for waist sizes; others are their own in small letters. */
const waists: Readonly<Record<string, string>> = { "30": "s", "32": "m", "34": "l", "36": "xl" };

const coloured = new Set([
  "phones",
  "computers",
  "household-appliances",
  "home",
  "mens-clothing",
  "womens-clothing",
  "shoes",
  "cars",
  "gifts",
  "mother-and-child",
]);
const worn = new Set(["mens-clothing", "womens-clothing"]);

/** The attributes that a product of a type has because of the options of its variants. */
export function optionAttributes(
  type: string,
  { colour, size }: Readonly<Record<string, readonly string[]>>,
): Attributes {
  return {
    ...(colour && coloured.has(type)
      ? { colour: [...new Set(colour.map((each) => colours[each] ?? each))] }
      : {}),
    ...(size && worn.has(type)
      ? { clothing_size: size.map((each) => waists[each] ?? each.toLowerCase()) }
      : {}),
    ...(size && type === "shoes" ? { shoe_size: size } : {}),
  };
}
