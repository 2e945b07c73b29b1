import type { MadeProduct } from "./catalogue.ts";
import { pick } from "./catalogue.ts";
import type { Bilingual, Department, Kind } from "./vocabulary.ts";
import { codedAttributes, departments } from "./vocabulary.ts";

/** A search with what a shopper means by it, decided by the facts of products alone. */
export interface LabelledQuery {
  readonly q: string;
  readonly class: string;
  readonly isRelevant: (product: MadeProduct) => boolean;
}

interface Place {
  readonly department: Department;
  readonly kind: Kind;
  /** Position among all kinds. */
  readonly nth: number;
}

const places: readonly Place[] = departments
  .flatMap((department) => department.kinds.map((kind) => ({ department, kind })))
  .map((place, nth) => ({ ...place, nth }));

/** The searches, some for each kind of product. */
export const labelledQueries: readonly LabelledQuery[] = unique([
  ...places.flatMap(({ kind, nth }) => brandAndKind(kind, nth)),
  ...places.flatMap(({ kind, nth }) => model(kind, nth)),
  ...places.flatMap(({ kind }) => kindAlone(kind)),
  ...places.flatMap(({ kind, nth }) => attribute(kind, nth)),
  ...places.flatMap(({ kind, nth }) => (nth % 2 === 0 ? typingError(kind, nth) : [])),
  ...places.flatMap(({ kind, nth }) => (nth % 2 === 1 ? whileTyping(kind, nth) : [])),
  ...places.flatMap(({ kind, nth }) => (nth % 3 === 0 ? folded(kind, nth) : [])),
  ...places.flatMap(({ kind, nth }) => (nth % 3 === 1 ? mixedLanguages(kind, nth) : [])),
  ...places.flatMap(({ kind, nth }) => (nth % 4 === 0 ? feature(kind, nth) : [])),
  ...places.flatMap(({ kind, nth }) => (nth % 4 === 1 ? skuFragment(kind, nth) : [])),
  ...places.flatMap(({ kind, nth }) => labelAndKind(kind, nth)),
  ...departments.flatMap(categoryName),
  ...plurals(),
  ...asShoppersWrite(),
]);

function brandOf({ brands, lines }: Kind, nth: number): Bilingual {
  return pick(brands, (nth % lines.length) % brands.length);
}

/** Brand and kind, as "耐克跑步鞋" and "nike running shoes". */
function brandAndKind(kind: Kind, nth: number): LabelledQuery[] {
  const [zh, en] = brandOf(kind, nth);
  const isRelevant = (product: MadeProduct) => product.kind === kind && product.brand[0] === zh;
  return [
    { q: `${zh}${kind.name[0]}`, class: "brand and kind, zh", isRelevant },
    { q: `${en} ${kind.name[1]}`.toLowerCase(), class: "brand and kind, en", isRelevant },
  ];
}

/** Brand and model, as "apple iphone 15". */
function model(kind: Kind, nth: number): LabelledQuery[] {
  const at = nth % kind.lines.length;
  const line = pick(kind.lines, at);
  const [zh, en] = pick(kind.brands, at);
  const isRelevant = (product: MadeProduct) => product.kind === kind && product.line === line;
  return nth % 2 === 0
    ? [{ q: `${en} ${line}`, class: "brand and model", isRelevant }]
    : [{ q: `${zh}${line}`, class: "brand and model", isRelevant }];
}

function kindAlone(kind: Kind): LabelledQuery[] {
  const isRelevant = (product: MadeProduct) => product.kind === kind;
  return [
    { q: kind.name[0], class: "kind, zh", isRelevant },
    { q: kind.name[1], class: "kind, en", isRelevant },
  ];
}

/** A fact of the product with its kind, as "红色连衣裙" and "silk dress". */
function attribute(kind: Kind, nth: number): LabelledQuery[] {
  const [key, values] = pick(Object.entries(kind.facts), nth);
  const value = pick(values, nth);
  const isRelevant = (product: MadeProduct) => product.kind === kind && product.facts[key] === value;
  return nth % 2 === 0
    ? [{ q: `${value[0]}${kind.name[0]}`, class: "attribute and kind, zh", isRelevant }]
    : [{ q: `${value[1]} ${kind.name[1]}`, class: "attribute and kind, en", isRelevant }];
}

/** One typing error in an English word of at least five letters: two letters exchanged, or one left out. */
function typingError(kind: Kind, nth: number): LabelledQuery[] {
  const words = kind.name[1].split(" ");
  const longest = words.toSorted((a, b) => b.length - a.length)[0] ?? "";
  if (!/^[a-z]{5,}$/u.test(longest)) return [];
  const wrong =
    nth % 4 === 0
      ? `${longest.slice(0, 2)}${longest[3]}${longest[2]}${longest.slice(4)}`
      : `${longest.slice(0, 3)}${longest.slice(4)}`;
  if (wrong === longest) return [];
  const [, brand] = brandOf(kind, nth);
  return [
    {
      q: kind.name[1].replace(longest, wrong),
      class: "typing error",
      isRelevant: (product) => product.kind === kind,
    },
    {
      q: `${brand} ${kind.name[1].replace(longest, wrong)}`,
      class: "typing error",
      isRelevant: (product) => product.kind === kind && product.brand[1] === brand,
    },
  ];
}

/** The last word is not finished. */
function whileTyping(kind: Kind, nth: number): LabelledQuery[] {
  const [zh, en] = brandOf(kind, nth);
  const isRelevant = (product: MadeProduct) => product.kind === kind && product.brand[1] === en;
  return [
    { q: `${en} ${kind.name[1].slice(0, -2)}`, class: "while typing", isRelevant },
    { q: `${zh}${Array.from(kind.name[0]).slice(0, 2).join("")}`, class: "while typing", isRelevant },
  ];
}

/** Full-width letters, capitals, no accents, no hyphens. */
function folded(kind: Kind, nth: number): LabelledQuery[] {
  const at = nth % kind.lines.length;
  const line = pick(kind.lines, at);
  const [, brand] = pick(kind.brands, at);
  const isRelevant = (product: MadeProduct) => product.kind === kind && product.line === line;
  const wide = line.replaceAll(/[!-~]/gu, (letter) => String.fromCodePoint(letter.codePointAt(0)! + 0xfee0));
  return [
    { q: wide.replaceAll(" ", "　"), class: "folded", isRelevant },
    {
      q: `${brand.normalize("NFD").replaceAll(/[\u0300-\u036f]/gu, "")} ${line}`.toUpperCase(),
      class: "folded",
      isRelevant,
    },
    { q: line.replaceAll(/[- ]/gu, "").toLowerCase(), class: "no blanks", isRelevant },
  ];
}

/** As "Apple 智能手机 128GB". */
function mixedLanguages(kind: Kind, nth: number): LabelledQuery[] {
  const [, en] = brandOf(kind, nth);
  const [key, values] = pick(Object.entries(kind.facts), 0);
  const value = pick(values, nth);
  return [
    {
      q: `${en}${kind.name[0]}`,
      class: "mixed languages",
      isRelevant: (product) => product.kind === kind && product.brand[1] === en,
    },
    {
      q: `${en} ${kind.name[0]} ${value[0].replace(/GB$/u, "G")}`,
      class: "mixed languages",
      isRelevant: (product) =>
        product.kind === kind && product.brand[1] === en && product.facts[key] === value,
    },
  ];
}

/** What only the description tells. */
function feature(kind: Kind, nth: number): LabelledQuery[] {
  const its = pick(kind.features, nth);
  const isRelevant = (product: MadeProduct) => product.kind === kind && product.feature === its;
  return [
    { q: `${its[0]} ${kind.name[0]}`, class: "feature of the description", isRelevant },
    { q: `${its[1]} ${kind.name[1]}`, class: "feature of the description", isRelevant },
  ];
}

/** The beginning of a SKU, and a whole one without its hyphens. */
function skuFragment(kind: Kind, nth: number): LabelledQuery[] {
  const line = pick(kind.lines, nth % kind.lines.length)
    .replaceAll(/[^A-Za-z0-9]/g, "")
    .slice(0, 6);
  const fragment = `${kind.key.slice(0, 3)}-${line}`.toUpperCase();
  return [{ q: fragment, class: "SKU fragment", isRelevant: ({ sku }) => sku.startsWith(fragment) }];
}

/** The label of a code with the kind, as "德国洗衣机", and a word that no product has with the kind. */
function labelAndKind(kind: Kind, nth: number): LabelledQuery[] {
  const attribute = nth % 3 === 0 ? "pattern" : "origin";
  const [code, [zh, en]] = pick(Object.entries(codedAttributes[attribute].choices), nth);
  const isRelevant = (product: MadeProduct) => product.kind === kind && product.coded[attribute] === code;
  const ofKind = (product: MadeProduct) => product.kind === kind;
  return [
    { q: `${zh}${kind.name[0]}`, class: "label of a code and kind, zh", isRelevant },
    { q: `${en} ${kind.name[1]}`, class: "label of a code and kind, en", isRelevant },
    ...(nth % 2 === 0
      ? [{ q: `怀旧${kind.name[0]}`, class: "unknown word and kind, zh", isRelevant: ofKind }]
      : []),
  ];
}

function categoryName({ name, key }: Department): LabelledQuery[] {
  const isRelevant = (product: MadeProduct) => product.department.key === key;
  return [
    { q: name[0], class: "category", isRelevant },
    { q: name[1].toLowerCase(), class: "category", isRelevant },
  ];
}

/** Singular for plural, and plural for singular. */
function plurals(): LabelledQuery[] {
  const pairs: [string, string][] = [
    ["mugs", "mug"],
    ["dresses", "dress"],
    ["kitchen knives", "knife"],
    ["bookshelves", "shelf"],
    ["laptops", "laptop"],
    ["smartphones", "phone"],
    ["phone cases", "case"],
    ["running shoe", "running"],
    ["sock", "socks"],
    ["jean", "jeans"],
    ["necklaces", "necklace"],
    ["lipsticks", "lipstick"],
    ["printers", "printer"],
    ["washing machines", "washer"],
    ["air conditioners", "aircon"],
    ["baby bottles", "bottle"],
    ["scented candles", "candle"],
    ["strollers", "stroller"],
    ["coffee bean", "coffee"],
    ["chocolates", "chocolate"],
    ["tyres", "tyre"],
    ["monitors", "monitor"],
    ["keyboards", "keyboard"],
    ["wireless mice", "mouse"],
    ["desk lamps", "lamp"],
    ["skirts", "skirt"],
    ["suits", "suit"],
    ["diaper", "diapers"],
  ];
  return pairs.map(([q, key]) => ({
    q,
    class: "plural and singular",
    isRelevant: ({ kind }) => kind.key === key,
  }));
}

/** Written by hand: the words that people use, which are not always those of the names. */
function asShoppersWrite(): LabelledQuery[] {
  const searches: [string, keys: string, brand?: string, value?: string | RegExp][] = [
    ["苹果手机", "phone", "Apple"],
    ["苹果手机 128G", "phone", "Apple", /^128GB$/],
    ["华为256g手机", "phone", "Huawei", /^256GB$/],
    ["小米充电宝20000毫安", "powerbank", "Xiaomi", /^20000mAh$/],
    ["苹果15手机壳", "case", undefined, /iPhone 15/],
    ["mate60手机壳", "case", undefined, /Mate 60/],
    ["联想笔记本", "laptop", "Lenovo"],
    ["macbook", "laptop", "Apple"],
    ["茶轴键盘", "keyboard", undefined, /brown/],
    ["27寸显示器", "monitor", undefined, /27 inch/],
    ["27 inch dell monitor", "monitor", "Dell", /27 inch/],
    ["戴森吹风机", "hairdryer", "Dyson"],
    ["扫地机器人", "vacuum", undefined, /robot/],
    ["洗衣机 10公斤", "washer", undefined, /10kg/],
    ["海尔洗衣机", "washer", "Haier"],
    ["双开门冰箱", "fridge", undefined, /side by side/],
    ["500毫升保温杯", "flask", undefined, /500ml/],
    ["vacuum flask 500 ml", "flask", undefined, /500ml/],
    ["陶瓷杯", "mug", undefined, /ceramic/],
    ["羽绒服", "womensdown mensdown"],
    ["波司登羽绒服男", "mensdown", "Bosideng"],
    ["womens down jacket", "womensdown"],
    ["真丝连衣裙", "dress", undefined, /silk/],
    ["levis jeans", "jeans", "Levi's"],
    ["cotton tshirt", "tshirt", undefined, /cotton/],
    ["纯棉t恤", "tshirt", undefined, /cotton/],
    ["nike shoes", "running basketball", "Nike"],
    ["women's running shoes", "running", undefined, /women/],
    ["李宁跑鞋", "running", "Li-Ning"],
    ["dr martens boots", "boots", "Dr. Martens"],
    ["loreal face cream", "cream", "L'Oréal"],
    ["迪奥口红", "lipstick", "Dior"],
    ["spf50 sunscreen", "sunscreen", undefined, /SPF50/],
    ["去屑洗发水", "shampoo"],
    ["大米5kg", "rice", undefined, /5kg/],
    ["starbuck coffee", "coffee", "Starbucks"],
    ["黑巧克力", "chocolate", undefined, /dark/],
    ["three body problem hardcover", "novel", "Liu Cixin", /hardcover/],
    ["5w30 engine oil", "engineoil", undefined, /5W-30/],
    ["205 55 r16", "tyre", undefined, /205/],
    ["汽车轮胎", "tyre"],
    ["送女友礼盒", "giftbox", undefined, /girlfriend/],
    ["乐高", "toys", "Lego"],
    ["鱼油200粒", "fishoil", undefined, /200 capsules/],
    ["kn95口罩", "facemask"],
    ["婴儿奶粉3段", "formula", undefined, /stage 3/],
    ["纸尿裤xl", "diapers", undefined, /size XL/],
    ["baby bottle 240 ml", "bottle", undefined, /240ml/],
    ["嬰兒推車", "stroller"],
    ["電動牙刷", "toothbrush"],
  ];
  return searches.map(([q, keys, brand, value]) => ({
    q,
    class: "as shoppers write",
    isRelevant: ({ kind, brand: its, facts }) =>
      keys.split(" ").includes(kind.key) &&
      (brand === undefined || its[1] === brand) &&
      (value === undefined || Object.values(facts).some(([, en]) => en.search(value) >= 0)),
  }));
}

function unique(queries: readonly LabelledQuery[]): LabelledQuery[] {
  return [...new Map(queries.map((query) => [`${query.class} ${query.q}`, query])).values()];
}
