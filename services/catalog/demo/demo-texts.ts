import type { Texts as ByLocale } from "../../../mixins/contract/texts.ts";
import type { Texts } from "./demo-kind.ts";

/** The languages of `Texts`, in order. */
export const languages = ["en", "zh-CN", "ja"] as const;

type Fields = Readonly<Record<string, Texts>>;

/**
 * Texts for a row: its fields in the shop's default language, if the demonstration has it, else in English;
 * the others by language, also those that the shop does not have yet.
 */
export function textsFor<F extends Fields>(
  fields: F,
  defaultLocale: string,
): Record<keyof F, string> & { readonly texts: ByLocale } {
  const known = languages.findIndex((language) => language.split("-")[0] === defaultLocale.split("-")[0]);
  const main = Math.max(known, 0);
  const inLanguage = (at: number) =>
    Object.fromEntries(
      Object.entries(fields).map(([field, texts]) => [field, texts[at] ?? texts[0]]),
    ) as Record<keyof F, string>;
  const others = languages.map((language, at) => [language, inLanguage(at)] as const);
  return { ...inLanguage(main), texts: Object.fromEntries(others.filter((_, at) => at !== main)) };
}
