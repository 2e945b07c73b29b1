import type { KindName } from "../kinds.ts";
import type { TemplateContent } from "../template.ts";
import { english } from "./en.ts";
import { shippedContent } from "./shipped.ts";
import type { ShippedLanguage } from "./shipped.ts";
import { chinese } from "./zh.ts";

/** By language subtag. A further language is a file beside these, and a line here. */
const languages: Readonly<Record<string, ShippedLanguage>> = { en: english, zh: chinese };

/** The shipped template in the locale's language; undefined without one. */
export function shippedIn(kind: KindName, locale: string): TemplateContent | undefined {
  const { language } = new Intl.Locale(locale);
  const found = Object.hasOwn(languages, language) ? languages[language] : undefined;
  return found && shippedContent(kind, found);
}

/** The template where the shop's languages have none. */
export function shippedFallback(kind: KindName): TemplateContent {
  return shippedContent(kind, english);
}
