import { shippedVersion } from "../domain/template.ts";
import { findTemplate } from "../find-template.ts";
import { presentTemplate } from "../present.ts";
import { action } from "../notifications.dependencies.ts";

/** The template that is used; its version is that of a shipped one unless staff wrote it for this very language. */
export const getTemplate = action("notifications.templates.get", async ({ params, fail }, dependencies) => {
  const locale = dependencies.locales.named(params.locale);
  if (locale === undefined) throw fail("not-found");
  const found = await findTemplate(params.kind, locale, dependencies);
  const used = found.locale === locale ? found : { ...found, version: shippedVersion, updatedAt: null };
  return presentTemplate(params.kind, locale, used);
});
