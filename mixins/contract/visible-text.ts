/** Blanks, zero-width characters and direction marks at both ends, which copied text brings along. */
const trimmable =
  /^[\s\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+|[\s\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+$/gu;

/**
 * Invisible characters with a legitimate use: joiners and variation selectors after a letter (Persian, Hindi,
 * names in Chinese and Japanese), parts of emoji, regional flags.
 */
const legitimateInvisible = new RegExp(
  [
    /(?<=[\p{Lo}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200c\u200d]/u,
    /(?<=[\p{Lo}\p{Extended_Pictographic}0-9#*])\p{Variation_Selector}/u,
    /(?<=\u{1f3f4}|[\u{e0020}-\u{e007e}])[\u{e0020}-\u{e007f}]/u,
  ]
    .map(({ source }) => source)
    .join("|"),
  "gu",
);

/** Writers of right-to-left scripts type these beside numbers and Latin words. */
const directionMarks = /[\u200e\u200f\u061c]/gu;
const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Trims blanks and invisible characters at both ends. */
export function trimmed(text: string): string {
  return text.replace(trimmable, "");
}

/**
 * Whether readers see the whole text in its stored order (Unicode UTS 39, TR 36). Direction marks turn
 * `exe.fdp` into `pdf.exe`; zero-width characters make two different names look the same.
 */
export function isVisible(text: string): boolean {
  const withoutJoiners = text.replace(legitimateInvisible, "");
  const rest = rightToLeft.test(text) ? withoutJoiners.replace(directionMarks, "") : withoutJoiners;
  return !/[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Zl}\p{Zp}]/u.test(rest);
}
