/** Language, script and region of a BCP 47 tag, in any case: `en`, `zh-CN`, `zh-Hant-TW`, `es-419`. */
export const localeTag = /^[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?$/;

/** Maximum number of a shop's locales, the default included. */
export const maxLocales = 20;
