import type { AttributeValue } from "../domain/product.ts";
import { appliances } from "./departments/appliances.ts";
import { beauty } from "./departments/beauty.ts";
import { books } from "./departments/books.ts";
import { cars } from "./departments/cars.ts";
import { computers } from "./departments/computers.ts";
import type { Attributes, DemoDepartment, DemoKind, DemoModel, Texts, Word } from "./demo-kind.ts";
import { food } from "./departments/food.ts";
import { gifts } from "./departments/gifts.ts";
import { health } from "./departments/health.ts";
import { homeware } from "./departments/home.ts";
import { menswear } from "./departments/menswear.ts";
import { motherAndChild } from "./departments/mother-and-child.ts";
import { optionAttributes } from "./option-attributes.ts";
import { phones } from "./departments/phones.ts";
import { shoes } from "./departments/shoes.ts";
import type { DemoPicture } from "./draw-picture.ts";
import { womenswear } from "./departments/womenswear.ts";
import { demoBrands } from "./demo-brands.ts";

export const demoDepartments: readonly DemoDepartment[] = [
  phones,
  computers,
  appliances,
  homeware,
  menswear,
  womenswear,
  shoes,
  beauty,
  food,
  books,
  cars,
  gifts,
  health,
  motherAndChild,
];

export interface MallVariant {
  readonly sku: string;
  readonly options: Readonly<Record<string, string>>;
  /** In minor units. */
  readonly price: number;
  readonly weightGrams: number;
  /** Opening stock. */
  readonly stock: number;
}

export interface MallProduct {
  readonly slug: string;
  readonly name: Texts;
  readonly description: Texts;
  /** Slug of the section. */
  readonly category: string;
  readonly brand: string;
  readonly type: string | null;
  readonly attributes: Attributes;
  /** Attributes with texts in each language, by code. */
  readonly attributeTexts: Readonly<Record<string, Texts>>;
  readonly tags: readonly string[];
  readonly variants: readonly MallVariant[];
  readonly picture: DemoPicture;
}

/** The products of the demonstration mall, composed from its vocabulary; always the same. */
export function mallProducts(): MallProduct[] {
  return demoDepartments.flatMap((department) =>
    department.sections.flatMap((section) =>
      section.kinds.flatMap((kind) =>
        kind.models.map((model) => compose(department, section.slug, kind, model)),
      ),
    ),
  );
}

function compose(
  { slug: department, closings }: DemoDepartment,
  category: string,
  kind: DemoKind,
  model: DemoModel,
): MallProduct {
  const words = { ...model.words, brand: brandNames.get(model.brand) ?? model.brand };
  const name = inEachLanguage(kind.name, words);
  const slug = slugOf(name[0]);
  const variants = variantsOf(slug, kind, model);
  const about = inEachLanguage(kind.about, words);
  const closing = closings[numberOf(slug, closings.length)] ?? ["", "", ""];
  const [first] = variants;
  return {
    slug,
    name,
    description: [`${about[0]} ${closing[0]}`, about[1] + closing[1], about[2] + closing[2]],
    category,
    brand: model.brand,
    type: kind.type ?? null,
    attributes: attributesOf(kind, model, words),
    attributeTexts: attributeTextsOf(kind, words),
    tags: tagsOf(slug, model),
    variants,
    picture: { shape: kind.shape, department, colour: first?.options["colour"], seed: numberOf(slug, 1000) },
  };
}

const brandNames = new Map(demoBrands.map(({ slug, name }) => [slug, name]));

type Words = Readonly<Record<string, Word>>;

/** Fills the places; a text begins with a capital letter. */
function inEachLanguage(text: Texts, words: Words): Texts {
  const [en, zh, ja] = text.map((template, language) =>
    template.replace(/\{(\w+)\}/g, (_, place: string) => wordIn(words[place], language)),
  );
  return [capitalised(en ?? ""), zh ?? "", ja ?? ""];
}

function wordIn(word: Word | undefined, language: number): string {
  return (typeof word === "string" ? word : word?.[language]) ?? "";
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[’'.]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

function variantsOf(
  slug: string,
  { options = {}, surcharges = {}, weightGrams }: DemoKind,
  model: DemoModel,
) {
  let combinations: Readonly<Record<string, string>>[] = [{}];
  for (const [option, values] of Object.entries(options))
    combinations = combinations.flatMap((chosen) => values.map((value) => ({ ...chosen, [option]: value })));
  return combinations.map((chosen): MallVariant => {
    const values = Object.values(chosen);
    const sku = slugOf([slug, ...values].join(" ")).toUpperCase();
    const surcharge = values.reduce((sum, value) => sum + (surcharges[value] ?? 0), 0);
    // Of some there is nothing, so that lists show what is sold out.
    const stock = numberOf(sku, 12) === 0 ? 0 : 4 + numberOf(`${sku} stock`, 120);
    return { sku, options: chosen, price: model.price + surcharge, weightGrams, stock };
  });
}

function attributesOf({ type, options, attributes }: DemoKind, model: DemoModel, words: Words): Attributes {
  if (type === undefined) return {};
  const given = { ...optionAttributes(type, options ?? {}), ...attributes, ...model.attributes };
  return Object.fromEntries(Object.entries(given).map(([code, value]) => [code, filled(value, words)]));
}

/** Of places that are filled in each language. */
function attributeTextsOf({ attributes = {} }: DemoKind, words: Words): Readonly<Record<string, Texts>> {
  const texts = new Map<string, Texts>();
  for (const [code, value] of Object.entries(attributes)) {
    const word = words[placeOf(value) ?? ""];
    if (word !== undefined && typeof word !== "string") texts.set(code, word);
  }
  return Object.fromEntries(texts);
}

/** The place that an attribute's value stands for: `author` for `{author}`. */
function placeOf(value: AttributeValue): string | undefined {
  return typeof value === "string" ? /^\{(\w+)\}$/.exec(value)?.[1] : undefined;
}

/** A place may stand for a number. */
function filled(value: AttributeValue, words: Words): AttributeValue {
  const place = placeOf(value);
  if (place === undefined) return value;
  const word = wordIn(words[place], 0);
  return /^\d+(\.\d+)?$/.test(word) ? Number(word) : word;
}

function tagsOf(slug: string, { price }: DemoModel): string[] {
  const tags = [];
  if (numberOf(`${slug} new`, 5) === 0) tags.push("new");
  if (numberOf(`${slug} loved`, 6) === 0) tags.push("bestseller");
  if (price < 2000) tags.push("under-20");
  return tags;
}

/** A number below `limit` that looks random and is always the same for a text (FNV-1a). */
export function numberOf(text: string, limit: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  // The last bits of similar texts are similar.
  return ((hash ^ (hash >>> 15)) >>> 0) % limit;
}
