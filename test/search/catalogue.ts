import type { SearchableTexts } from "../../services/catalog/domain/search/index-terms.ts";
import type { Bilingual, Department, Kind } from "./vocabulary.ts";
import { codedAttributes, colours, departments } from "./vocabulary.ts";

/** A product with the facts that labels are made from. */
export interface MadeProduct {
  readonly index: number;
  readonly department: Department;
  readonly kind: Kind;
  readonly brand: Bilingual;
  readonly line: string;
  /** Absent where colours do not matter. */
  readonly colour: Bilingual | undefined;
  readonly facts: Readonly<Record<string, Bilingual>>;
  /** Attribute to code, with labels that none of the texts has. */
  readonly coded: Readonly<Record<keyof typeof codedAttributes, string>>;
  readonly feature: Bilingual;
  readonly sku: string;
  /** In Chinese and English; the shop's default language alternates. */
  readonly name: Bilingual;
  readonly description: Bilingual;
}

const colourless = new Set(["food", "books", "health"]);
const kinds = departments.flatMap((department) => department.kinds.map((kind) => ({ department, kind })));

/** Product number `index` of an endless, deterministic catalogue. */
export function productAt(index: number): MadeProduct {
  const { department, kind } = pick(kinds, index);
  let rest = Math.floor(index / kinds.length);
  const next = <T>(choices: readonly T[]): T => {
    const chosen = pick(choices, rest);
    rest = Math.floor(rest / choices.length);
    return chosen;
  };
  const lineIndex = rest % kind.lines.length;
  const line = next(kind.lines);
  const brand = pick(kind.brands, lineIndex);
  const facts = Object.fromEntries(Object.entries(kind.facts).map(([key, values]) => [key, next(values)]));
  const colour = colourless.has(department.key) ? undefined : pick(colours, Math.floor(index / 7) + index);
  const codeOf = (attribute: keyof typeof codedAttributes, nth: number) =>
    pick(Object.keys(codedAttributes[attribute].choices), nth);
  const nthOfKind = Math.floor(index / kinds.length);
  const coded = { origin: codeOf("origin", nthOfKind), pattern: codeOf("pattern", nthOfKind + index) };
  const feature = pick(kind.features, Math.floor(index / 3));
  const values = [...Object.values(facts), ...(colour ? [colour] : [])];
  const sku = [
    kind.key.slice(0, 3),
    line.replaceAll(/[^A-Za-z0-9]/g, "").slice(0, 6),
    String(index).padStart(5, "0"),
  ]
    .join("-")
    .toUpperCase();
  const serial = rest > 0 ? ` ${String.fromCharCode(65 + (rest % 26))}${rest}` : "";
  const name: Bilingual = [
    `${brand[0]}${brand[0] === brand[1] ? "" : `（${brand[1]}）`}${line}${serial} ${values.map(([zh]) => zh).join(" ")} ${kind.name[0]}`,
    `${brand[1]} ${line}${serial} ${kind.name[1]}, ${values.map(([, en]) => en).join(", ")}`,
  ];
  const description: Bilingual = [
    `${brand[0]}官方正品，${feature[0]}，七天无理由退货，顺丰包邮。${line}系列，适合日常使用与送礼。`,
    `Genuine ${brand[1]} product with ${feature[1]}. From the ${line} range, for everyday use. Free returns within seven days.`,
  ];
  return { index, department, kind, brand, line, colour, facts, coded, feature, sku, name, description };
}

/** The texts that the index sees of it. */
export function searchableTexts({ name, description, sku, colour, coded }: MadeProduct): SearchableTexts {
  return {
    names: [...name],
    descriptions: [...description],
    skus: [sku],
    attributes: [...(colour ?? []), ...Object.values(coded)],
  };
}

export function pick<T>(choices: readonly T[], index: number): T {
  const chosen = choices[index % choices.length];
  if (chosen === undefined) throw new Error("there is nothing to choose from");
  return chosen;
}
