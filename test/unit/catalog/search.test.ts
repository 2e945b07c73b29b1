import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { postingsOf } from "../../../services/catalog/domain/search/index-terms.ts";
import { readSearch } from "../../../services/catalog/domain/search/search-query.ts";
import { stemOf } from "../../../services/catalog/domain/search/stem.ts";
import { tokensOf } from "../../../services/catalog/domain/search/tokens.ts";
import { oneErrorAway } from "../../../services/catalog/domain/search/typing-errors.ts";
import { fold, nameKey } from "../../../mixins/contract/name-key.ts";

const nothing = { names: [], descriptions: [], skus: [], attributes: [] };
const termsOf = (name: string) => postingsOf({ ...nothing, names: [name] });
const partsOf = (text: string) => tokensOf(text).map(({ parts }) => parts.join("|"));

describe("text is cut into words", () => {
  test.each([
    ["Café au Lait", ["cafe", "au", "lait"]],
    ["Men's L'Oréal jumper", ["men", "l|oreal", "jumper"]],
    ["MUG-SAGE_2.0 1.5L", ["mug|sage|2.0", "1.5l"]],
    ["ÉCRU e\u0301cru Größe ﬁne", ["ecru", "ecru", "grosse", "fine"]],
    ["ＩＰＨＯＮＥ１５", ["iphone15"]],
    ["苹果iPhone15手机", ["苹果", "iphone15", "手机"]],
    ["がぎ 한국어 Чай", ["がぎ", "한국어", "чаи"]],
    ["100% _ ' \" \\ ;--", ["100"]],
    ["  ", []],
  ])("%j as %j", (text, parts) => {
    expect(partsOf(text)).toEqual(parts);
  });

  test("with their places in the text", () => {
    expect(tokensOf("A ½ Größe 茶").map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [2, 3],
      [4, 9],
      [10, 11],
    ]);
  });
});

test.each([
  ["mugs", "mug"],
  ["constructors", "constructor"],
  ["women", "woman"],
  ["kitchen knives", "kitchen knife"],
  ["bookshelves", "bookshelf"],
  ["batteries", "battery"],
  ["dresses", "dress"],
  ["colour", "color"],
  ["moisturising", "moisturizes"],
])("%s has the stem of %s", (one, other) => {
  const stems = (words: string) => words.split(" ").map(stemOf);
  expect(stems(one)).toEqual(stems(other));
});

test("a product is found by whole words, by parts of words, and by pairs of ideographs", () => {
  const found = [...termsOf("WH-1000XM5 iPhone 15 128 GB 羽绒服").keys()];
  expect(found).toEqual(
    expect.arrayContaining([
      "wh1000xm5",
      "1000xm5",
      "xm",
      "iphone",
      "15",
      "iphone15",
      "128gb",
      "羽绒",
      "绒服",
      "服",
    ]),
  );
  const description = Array.from({ length: 5000 }, (_, index) => `word${index}`).join(" ");
  const many = postingsOf({ ...nothing, names: ["Mug"], descriptions: [description] });
  expect(many.size).toBe(1000);
  expect([...many.keys()][0]).toBe("mug");
});

test("a word weighs more in a name than in a description, and more in a short name", () => {
  const weight = (text: string, field: "names" | "descriptions") =>
    postingsOf({ ...nothing, [field]: [text] }).get("mug")?.weight ?? 0;
  expect(weight("mug", "names")).toBeGreaterThan(weight("mug", "descriptions"));
  expect(weight("blue mug", "names")).toBeGreaterThan(
    weight("a very long name that has a mug somewhere near its end for the dishwasher", "names"),
  );
});

test("a search is read as words that a product needs and words that it does not", () => {
  const words = (search: string) =>
    readSearch(search).words.map(({ word, optional }) => (optional ? `(${word})` : word));
  expect(words("case for iPhone15")).toEqual(["case", "(for)", "iphone", "15"]);
  expect(words("苹果手机 128G")).toEqual(["苹果", "手机", "128", "g"]);
  expect(words("for")).toEqual(["for"]);
  expect(words("a b c d e f g h i j k l m n o p q")).toHaveLength(12);
  // The dictionary cuts this word apart; its pairs keep it together.
  expect(readSearch("羽绒服").words[1]?.terms.has("羽绒")).toBe(true);
});

test("one typing error is one letter or two neighbours, in words of four letters and more", () => {
  const corrections = (word: string) => oneErrorAway(word).map(({ terms }) => terms[0]);
  expect(corrections("ihpone")).toContain("iphone");
  expect(corrections("iphne")).toContain("iphone");
  expect(corrections("iphoone")).toContain("iphone");
  expect(corrections("iphome")).toContain("iphone");
  expect(corrections("mgu")).toEqual([]);
  expect(corrections("羽绒服装")).toEqual([]);
});

test("radicals are ideographs where Unicode says which, and symbols where it does not", () => {
  expect([...termsOf("\u2F00\u2F1A").keys()]).toEqual([...termsOf("一厂").keys()]);
  expect([...termsOf("\u2E80")]).toEqual([]);
});

test("any text becomes terms that fit their column, and folds to the same however often", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      for (const [term, { weight }] of termsOf(text)) {
        expect(Array.from(term).length).toBeLessThanOrEqual(40);
        expect(term).toMatch(/^[\p{L}\p{N}\p{M}.ー]+$/u);
        expect(weight).toBeGreaterThan(0);
      }
      readSearch(text);
      expect(Array.from(nameKey(text)).length).toBeLessThanOrEqual(200);
      expect(fold(fold(text))).toBe(fold(text));
    }),
    { numRuns: 150 },
  );
});
