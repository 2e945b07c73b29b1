import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { fold, nameKey, termRanges, termsOf, wordsOf } from "../../../services/catalog/domain/search-terms.ts";

describe("search terms", () => {
  test.each([
    ["Café au Lait", ["cafe", "au", "lait"]],
    ["Fisherman's jumper", ["fisherman", "s", "jumper"]],
    ["MUG-SAGE_2.0", ["mug", "sage", "2", "0"]],
    ["ÉCRU e\u0301cru écru", ["ecru"]],
    ["½ litre — ﬁne", ["1", "2", "litre", "fine"]],
    ["茶碗 Чай", ["茶碗", "чаи"]],
    ["100% _ ' \" \\ ;--", ["100"]],
    ["  ", []],
  ])("%j is cut into %j", (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  test("are short, and no more than a product's share, the name and SKUs first", () => {
    const description = Array.from({ length: 5000 }, (_, index) => `word${index}`).join(" ");
    const terms = termsOf({ name: "Mug", description }, ["SKU-RED"]);
    expect(terms).toHaveLength(600);
    expect(terms.slice(0, 4)).toEqual(["mug", "sku", "red", "word0"]);
    expect(wordsOf("x".repeat(500))).toEqual(["x".repeat(40)]);
    expect(termRanges("a b c d e f g h i j k l")).toHaveLength(10);
  });

  test("fold to the same however often, and hold nothing but letters and digits", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        for (const word of wordsOf(text)) expect(word).toMatch(/^[\p{L}\p{N}]{1,40}$/u);
        expect(Array.from(nameKey(text)).length).toBeLessThanOrEqual(200);
        expect(wordsOf(wordsOf(text).join(" "))).toEqual(wordsOf(text));
        expect(fold(fold(text))).toBe(fold(text));
      }),
      { numRuns: 500 },
    );
  });

  test("are found by the range of each word that begins them, and by no other", () => {
    const between = (range: { from: string; before: string } | undefined, term: string) =>
      range !== undefined &&
      Buffer.compare(Buffer.from(range.from), Buffer.from(term)) <= 0 &&
      Buffer.compare(Buffer.from(term), Buffer.from(range.before)) < 0;
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), fc.string({ unit: "binary", minLength: 1 }), (a, b) => {
        const [word] = wordsOf(a);
        const [term] = wordsOf(b);
        if (!word || !term) return;
        expect(between(termRanges(word)[0], term)).toBe(term.startsWith(word));
        expect(between(termRanges(word)[0], word + term)).toBe(true);
      }),
    );
  });
});
