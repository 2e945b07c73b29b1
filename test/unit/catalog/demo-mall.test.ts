import { describe, expect, test } from "@jest/globals";
import sharp from "sharp";
import { demoBrands } from "../../../services/catalog/demo/demo-brands.ts";
import { demoDepartments, mallProducts } from "../../../services/catalog/demo/demo-mall.ts";
import { drawPicture } from "../../../services/catalog/demo/draw-picture.ts";
import { rowsOf } from "../../../services/catalog/demo/mall-rows.ts";

const products = mallProducts();
const variants = products.flatMap((product) => product.variants);

describe("the demonstration mall", () => {
  test("has over 200 products in 14 departments, each once", () => {
    const slugs = products.map(({ slug }) => slug);
    expect(slugs.length).toBeGreaterThan(200);
    expect(new Set(slugs).size).toBe(slugs.length);
    expect(new Set(variants.map(({ sku }) => sku)).size).toBe(variants.length);
    const shown = new Set(products.map(({ category }) => category));
    const filled = demoDepartments.filter(({ sections }) => sections.every(({ slug }) => shown.has(slug)));
    expect(filled).toHaveLength(14);
  });

  test("fills every place in its texts, in three languages", () => {
    const texts = products.flatMap(({ name, description }) => [...name, ...description]);
    expect(texts.filter((text) => text === "" || /[{}]|undefined/.test(text))).toEqual([]);
    const chinese = products.filter(({ description: [, zh] }) => !/\p{Script=Han}/u.test(zh));
    const japanese = products.filter(({ description: [, , ja] }) => !/\p{Script=Hiragana}/u.test(ja));
    expect([chinese, japanese]).toEqual([[], []]);
  });

  test("is always the same, and refers to brands that there are", () => {
    expect(mallProducts()).toEqual(products);
    const brands = new Set(demoBrands.map(({ slug }) => slug));
    expect(products.filter(({ brand }) => !brands.has(brand))).toEqual([]);
    // The wares differ in what filters and badges show.
    expect(variants.some(({ stock }) => stock === 0)).toBe(true);
    expect(new Set(products.flatMap(({ tags }) => tags)).size).toBe(3);
  });

  test.each([
    ["en", "Lumora Nova 3 smartphone", ["zh-CN", "ja"]],
    ["zh-TW", "Lumora Nova 3 智能手机", ["en", "ja"]],
    ["de", "Lumora Nova 3 smartphone", ["zh-CN", "ja"]],
  ])("in a shop whose language is %s is named %s, and otherwise in %j", (locale, name, others) => {
    const [first] = products.flatMap((product) => rowsOf(product, locale));
    expect([first?.name, Object.keys(first?.texts ?? {})]).toEqual([name, others]);
  });

  test("draws each shape, and hardly ever two pictures alike", async () => {
    const shapes = new Map(products.map(({ picture }) => [picture.shape, drawPicture(picture)]));
    for (const svg of shapes.values())
      expect(await sharp(Buffer.from(svg)).metadata()).toMatchObject({ format: "svg", width: 640 });
    const drawn = new Set(products.map(({ picture }) => drawPicture(picture)));
    expect(drawn.size).toBeGreaterThan(products.length - 5);
  });

  test("names authors in each language", () => {
    const rows = products.flatMap((product) => rowsOf(product, "zh-CN"));
    const novel = rows.find(({ product }) => product === "the-lantern-keeper-by-mara-ellison");
    expect(novel?.attributes).toMatchObject({ author: "玛拉·埃利森", binding: "paperback" });
    expect(novel?.texts).toMatchObject({ ja: { "attributes.author": "マーラ・エリソン" } });
  });
});
