import { describe, expect, test } from "@jest/globals";
import { readSynonyms, saysTwice, waysToSay } from "../../../services/catalog/domain/search/synonyms.ts";

const synonyms = readSynonyms([
  { words: ["phone", "mobile", "cell phone", "手机"], from: null },
  { words: ["充电宝", "移动电源", "power bank"], from: null },
  { words: ["trainers"], from: "sneaker" },
  { words: ["case", "cover"], from: null },
  { words: ["tv", ...Array.from({ length: 12 }, (_, index) => `screen${index}`)], from: null },
]);

describe("synonyms", () => {
  test.each([
    ["phone", ["mobile", "cell phone", "手机"]],
    ["Red  PHONES", ["red mobile", "red cell phone", "red 手机"]],
    ["手机", ["phone", "mobile", "cell phone"]],
    ["小米充电宝", ["小米 移动电源", "小米 power bank"]],
    ["power bank 20000", ["充电宝 20000", "移动电源 20000"]],
    ["sneakers", ["trainers"]],
  ])("%s is also said in other ways", (search, others) => {
    expect(waysToSay(search, synonyms)).toEqual([search, ...others]);
  });

  test("a phrase goes before a word of it", () => {
    expect(waysToSay("cell phone", synonyms)).toEqual(["cell phone", "phone", "mobile", "手机"]);
  });

  test.each(["trainers", "headphones", "phone2", "showcase", "battery bank", "", "?!"])(
    "%j stays the only one: words are whole, and some synonyms go one way",
    (search) => {
      expect(waysToSay(search, synonyms)).toEqual([search]);
    },
  );

  test("a search has six ways at most, the nearest first", () => {
    const ways = waysToSay("phone case", synonyms);
    expect(ways).toHaveLength(6);
    expect(ways.slice(0, 5)).toEqual([
      "phone case",
      "phone cover",
      "mobile case",
      "cell phone case",
      "手机 case",
    ]);
    expect(waysToSay("tv tv tv tv tv", synonyms)).toHaveLength(6);
    expect(waysToSay("tv", synonyms)).toHaveLength(6);
  });

  test("words that searches do not tell apart are the same", () => {
    expect(saysTwice(["Phone", "phones"])).toBe(true);
    expect(saysTwice(["手機", "手机"])).toBe(true);
    expect(saysTwice(["phone", "mobile"])).toBe(false);
  });
});
