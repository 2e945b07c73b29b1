import { ShopError } from "../../../mixins/contract/errors.ts";
import type { Locales } from "../../../mixins/locales/locales.ts";
import type { RawParams } from "./read-params.ts";

/**
 * Sets the param `locale` of a localized action: to what the request names, else by its `Accept-Language`. The
 * default is omitted, so that such calls are the same, and cached the same, as without languages.
 *
 * @returns the response's locale; undefined in a shop with only one
 * @throws ShopError `validation-failed` for a locale that the shop does not have
 */
export function chooseLocale(
  params: RawParams,
  acceptLanguage: string | undefined,
  locales: Locales,
): string | undefined {
  const asked = params.locale;
  const chosen = asked === undefined ? locales.accepted(acceptLanguage) : named(asked, locales);
  if (chosen === locales.default) delete params.locale;
  else params.locale = chosen;
  return locales.all.length === 1 ? undefined : chosen;
}

function named(asked: unknown, locales: Locales): string {
  const locale = typeof asked === "string" ? locales.named(asked) : undefined;
  if (locale !== undefined) return locale;
  const message = `must be one of ${locales.all.join(", ")}`;
  throw new ShopError("validation-failed", undefined, {
    errors: [{ path: "locale", code: "invalid-value", message }],
  });
}
