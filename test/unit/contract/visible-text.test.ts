import { describe, expect, test } from "@jest/globals";
import { checkParams } from "../../../mixins/contract/validate.ts";
import { longText, text } from "../../../mixins/contract/fields.ts";

describe("a text that others read", () => {
  test.each([
    ["Chinese", "王小明"],
    ["Japanese, with a form of its own", "葛\u{e0100}飾区"],
    ["Korean", "김철수"],
    ["Arabic", "محمد عبد الله"],
    ["Persian, with joiners", "علی‌رضا می‌خواهم"],
    ["Hebrew", "דוד בן־גוריון"],
    ["Hebrew, with marks beside a number", "רחוב הרצל \u200f12\u200e, תל אביב"],
    ["Hindi, with joiners", "क्\u200dष राज्\u200cय"],
    ["Thai", "สมชาย"],
    ["Vietnamese, decomposed", "Nguyễn".normalize("NFD")],
    ["Latin with signs", "Zoë O’Neill-Đặng"],
    ["a family", "Fam 👩‍👩‍👧‍👦"],
    ["someone at work", "👩🏽‍🚀"],
    ["a heart on fire", "❤️‍🔥"],
    ["a key", "1️⃣ #️⃣"],
    ["flags", "🇬🇧 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} 🏳️‍🌈"],
    ["a copyright", "©️ Shop"],
  ])("can be %s: %s", (_what, value) => {
    expect(checkParams(text(200), value)).toBe(value);
    expect(checkParams(longText(200), `${value}\n${value}`)).toBe(`${value}\n${value}`);
  });

  test.each([
    ["a right-to-left override", "invoice\u202efdp.exe"],
    ["a left-to-right override", "a\u202db"],
    ["an embedding", "a\u202bb"],
    ["an isolate", "a\u2067b\u2069c"],
    ["a right-to-left mark where nothing is written so", "Ada\u200fB"],
    ["a zero width space", "Ada\u200bLovelace"],
    ["a joiner between Latin letters", "A\u200dda"],
    ["a non-joiner between digits", "1\u200c2"],
    ["a variation of a Latin letter", "A\ufe0fda"],
    ["a byte order mark", "Ada\ufeffB"],
    ["a word joiner", "Ada\u2060B"],
    ["a soft hyphen", "pay\u00adpal"],
    ["a Hangul filler", "Ada \u3164 B"],
    ["tags without a flag", "Ada\u{e0041}\u{e0042}"],
    ["two joiners", "क\u200d\u200d"],
    ["a line separator", "a\u2028b"],
  ])("cannot hold %s", (_what, value) => {
    for (const field of [text(200), longText(200)])
      expect(() => checkParams(field, value)).toThrow(
        expect.objectContaining({
          data: {
            errors: [
              expect.objectContaining({
                code: "invalid-value",
                message: expect.stringContaining("invisible"),
              }),
            ],
          },
        }),
      );
  });

  test("is trimmed of invisible characters around it", () => {
    expect(checkParams(text(40), "\u202a+44 117 496 0000\u202c")).toBe("+44 117 496 0000");
    expect(checkParams(text(40), " \ufeff\u200eAda\u200b ")).toBe("Ada");
  });

  test.each(["\u200b\u200b", "\u3164", "\u200d", "\u00ad"])(
    "is empty if it has only invisible characters: %j",
    (value) => {
      expect(() => checkParams(text(40), value)).toThrow(
        expect.objectContaining({ type: "validation-failed" }),
      );
    },
  );
});
