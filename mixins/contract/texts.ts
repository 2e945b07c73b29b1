/**
 * Texts of a row in other locales than the default, by locale and field; the default's are in the row's own
 * columns.
 */
export type Texts = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Texts in the snapshots that change events compare: a field for each locale, so that events contain only the
 * locales that changed.
 */
export function textsSnapshot(texts: Texts): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(texts).map(([locale, fields]) => [`texts.${locale}`, fields]));
}
