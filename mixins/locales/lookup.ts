/** A locale of the shop, with what it is compared by. */
export interface Candidate {
  readonly locale: string;
  readonly language: string;
  readonly script: string | undefined;
}

/** Further ranges of a header are ignored; browsers send less than ten. */
const maxRanges = 10;
const qualitySyntax = /^q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i;

/** @throws RangeError for an invalid tag */
export function candidate(locale: string): Candidate {
  const { language, script } = new Intl.Locale(locale).maximize();
  return { locale, language, script };
}

/**
 * Finds the locale that an `Accept-Language` header prefers (RFC 9110, 12.5.4), by the lookup of RFC 4647,
 * 3.4. Beyond that, a range finds a locale of the same language, preferably in the same script: `zh` and
 * `zh-Hans` find `zh-CN`, `zh-HK` finds `zh-TW`.
 *
 * @param candidates the shop's, its default first, which `*` finds
 * @returns undefined when no range finds one
 */
export function acceptedLocale(header: string, candidates: readonly Candidate[]): string | undefined {
  const ranges = header
    .split(",", maxRanges)
    .map(readRange)
    .filter(({ quality }) => quality > 0)
    .toSorted((one, other) => other.quality - one.quality);
  for (const { range } of ranges) {
    const found = range === "*" ? candidates[0]?.locale : lookUp(range, candidates);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The candidates of the same language, those in the same script first. */
export function relatedLocales(
  { language, script }: Pick<Candidate, "language" | "script">,
  candidates: readonly Candidate[],
): string[] {
  const related = candidates.filter((each) => each.language === language);
  const isNear = (each: Candidate) => each.script === script;
  return [...related.filter(isNear), ...related.filter((each) => !isNear(each))].map(({ locale }) => locale);
}

function readRange(text: string): { range: string; quality: number } {
  const [range = "", ...parameters] = text.split(";").map((part) => part.trim());
  const quality = parameters.map((parameter) => qualitySyntax.exec(parameter)?.[1]).find((found) => found);
  return { range, quality: Number(quality ?? 1) };
}

function lookUp(range: string, candidates: readonly Candidate[]): string | undefined {
  for (let wanted = range.toLowerCase(); wanted !== ""; wanted = truncated(wanted)) {
    const exact = candidates.find(({ locale }) => locale.toLowerCase() === wanted);
    if (exact) return exact.locale;
  }
  try {
    return relatedLocales(candidate(range), candidates)[0];
  } catch {
    return undefined;
  }
}

/** Without the last subtag, and without a single letter before it, which only introduces another subtag. */
function truncated(range: string): string {
  return range.replace(/(?:-[a-z\d])?(?:^|-)[^-]*$/, "");
}
