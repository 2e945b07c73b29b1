import { ShopError } from "../contract/errors.ts";
import type { TextChanges } from "../contract/localized.ts";
import type { Texts } from "../contract/texts.ts";
import type { Candidate } from "./lookup.ts";
import { acceptedLocale, candidate, relatedLocales } from "./lookup.ts";

/** A longer `Accept-Language` counts as none; browsers send less than 100 characters. */
const maxHeaderLength = 300;
const maxKnownHeaders = 500;

/** The languages of the shop's texts: chooses one for a request, and the texts of a row in it. */
export class Locales {
  readonly all: readonly string[];
  readonly default: string;
  readonly #candidates: readonly Candidate[];
  /** For each locale, where its texts are looked for, in this order. */
  readonly #fallbacks: ReadonlyMap<string, readonly string[]>;
  /** Results by `Accept-Language`, of which there are few. */
  readonly #accepted = new Map<string, string>();

  /** @param locales canonical BCP 47 tags, the default first */
  constructor(locales: readonly string[]) {
    const [first] = locales;
    if (first === undefined) throw new Error("a shop has at least one locale");
    this.all = locales;
    this.default = first;
    this.#candidates = locales.map(candidate);
    const others = this.#candidates.slice(1);
    this.#fallbacks = new Map(
      others.map((each) => [each.locale, [...new Set([each.locale, ...relatedLocales(each, others)])]]),
    );
  }

  /** The shop's locale that this tag names, in any case. */
  named(tag: string): string | undefined {
    return this.all.find((locale) => locale.toLowerCase() === tag.toLowerCase());
  }

  /** The locale that suits a request best. */
  accepted(header: string | undefined): string {
    if (header === undefined || this.all.length === 1 || header.length > maxHeaderLength) return this.default;
    const known = this.#accepted.get(header);
    if (known !== undefined) return known;
    const accepted = acceptedLocale(header, this.#candidates) ?? this.default;
    if (this.#accepted.size >= maxKnownHeaders) this.#accepted.clear();
    this.#accepted.set(header, accepted);
    return accepted;
  }

  /**
   * The row with its texts in a locale: each field in the locale itself, else in another one of the same
   * language, else in the default. Texts in a locale that is not the shop's any more are not used.
   *
   * @param locale undefined for the default
   */
  localized<T extends { readonly texts: Texts }>(row: T, locale: string | undefined): T {
    if (locale === undefined) return row;
    const { texts } = row;
    const order = this.#fallbacks.get(locale) ?? [];
    return order.reduceRight((picked, each) => ({ ...picked, ...texts[each] }), row);
  }

  /** The text in a locale, with the same fallbacks; empty when there is none. */
  text(byLocale: Readonly<Record<string, string>>, locale: string | undefined): string {
    const order = locale === undefined ? [] : (this.#fallbacks.get(locale) ?? []);
    const found = [...order, this.default].find((each) => byLocale[each] !== undefined);
    return found === undefined ? "" : (byLocale[found] ?? "");
  }

  /**
   * Applies changes of staff: the texts in a locale are replaced as a whole, or removed by null.
   *
   * @throws ShopError `validation-failed` for texts in the default locale or in one that the shop does not have
   */
  withChanges(texts: Texts, changes: TextChanges | undefined): Texts {
    if (changes === undefined) return texts;
    const changed = new Map(Object.entries(texts));
    for (const [tag, fields] of Object.entries(changes)) {
      const [locale = tag] = Intl.getCanonicalLocales(tag);
      const given = Object.entries(fields ?? {}).filter((field): field is [string, string] =>
        Boolean(field[1]),
      );
      if (given.length > 0) changed.set(this.#writable(locale, texts), Object.fromEntries(given));
      else changed.delete(locale);
    }
    return Object.fromEntries(changed);
  }

  /** Texts in a locale that is not the shop's any more may stay, so that a client can send back all texts. */
  #writable(locale: string, texts: Texts): string {
    if (locale !== this.default && (this.all.includes(locale) || Object.hasOwn(texts, locale))) return locale;
    const message =
      locale === this.default
        ? "is the default language, whose texts are in the fields themselves"
        : `is none of the shop's languages: ${this.all.join(", ")}`;
    throw new ShopError("validation-failed", undefined, {
      errors: [{ path: `texts.${locale}`, code: "invalid-value", message }],
    });
  }
}
