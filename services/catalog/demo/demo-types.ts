import type { AttributeUse, TypeDefinition } from "../domain/attribute.ts";
import type { Names } from "./demo-attributes.ts";
import { textsOf } from "./demo-attributes.ts";

/** @param attributes codes in order; a required one ends with `!` */
function type(slug: string, names: Names, attributes: string): TypeDefinition {
  return {
    slug,
    name: names[0],
    texts: textsOf("name", names),
    attributes: attributes
      .split(" ")
      .map((use): AttributeUse => ({ code: use.replace("!", ""), required: use.endsWith("!") })),
  };
}

/** The kinds of products of the demonstration mall, with attributes of `demoAttributes`. */
export const demoTypes: readonly TypeDefinition[] = [
  type(
    "phones",
    ["Phones", "手机", "スマートフォン"],
    "screen_size! storage! memory battery operating_system! network dual_sim camera colour weight released model warranty",
  ),
  type(
    "computers",
    ["Computers", "电脑", "パソコン"],
    "computer_form! processor! memory! storage! graphics screen_size touchscreen operating_system colour weight released model warranty",
  ),
  type(
    "household-appliances",
    ["Household appliances", "家用电器", "家電"],
    "power! voltage energy_class noise smart volume width height depth weight colour material model warranty",
  ),
  type(
    "home",
    ["Home", "家居", "インテリア"],
    "room material! colour width height depth weight assembly washable origin",
  ),
  type(
    "mens-clothing",
    ["Men's clothing", "男装", "メンズファッション"],
    "clothing_size! colour! material! fit sleeve collar season care origin",
  ),
  type(
    "womens-clothing",
    ["Women's clothing", "女装", "レディースファッション"],
    "clothing_size! colour! material! fit sleeve collar dress_length season care origin",
  ),
  type(
    "shoes",
    ["Shoes", "鞋靴", "シューズ"],
    "shoe_size! wearer! colour! material sole heel waterproof season origin",
  ),
  type(
    "beauty",
    ["Beauty", "美妆", "コスメ"],
    "skin_type volume! spf fragrance_free organic ingredients shelf_life origin",
  ),
  type(
    "food",
    ["Food", "食品", "食品"],
    "net_weight! ingredients! allergens diet organic energy keep shelf_life best_before origin",
  ),
  type(
    "books",
    ["Books", "图书", "本"],
    "author! publisher isbn published book_language! binding! pages weight",
  ),
  type(
    "cars",
    ["Cars", "汽车", "自動車"],
    "drive! gearbox! engine_power seats! range mileage first_registration colour model warranty",
  ),
  type(
    "gifts",
    ["Gifts", "礼品", "ギフト"],
    "occasion! material colour gift_wrapped personalised width height depth weight",
  ),
  type(
    "health",
    ["Health", "健康", "ヘルスケア"],
    "dosage_form! quantity! ingredients directions prescription shelf_life best_before origin",
  ),
  type(
    "mother-and-child",
    ["Mother and child", "母婴", "マタニティ・ベビー"],
    "stage! age_from age_to material colour bpa_free washable organic origin",
  ),
];
