import type { Tx } from "../../mixins/database/database.ts";
import type { KindName } from "./domain/kinds.ts";
import type { TemplateContent } from "./domain/template.ts";
import { shippedVersion } from "./domain/template.ts";
import { shippedFallback, shippedIn } from "./domain/templates/index.ts";
import type { NotificationsDependencies } from "./notifications.dependencies.ts";

export interface FoundTemplate extends TemplateContent {
  /** The locale that staff wrote it in; null as shipped. */
  readonly locale: string | null;
  /** `shippedVersion` as shipped. */
  readonly version: number;
  readonly updatedAt: number | null;
}

/**
 * The template of a kind in one of the shop's languages: what staff wrote in it, else what is shipped in its
 * language, else what staff wrote in the shop's default, else what is shipped in that, else in English.
 */
export async function findTemplate(
  kind: KindName,
  locale: string,
  { templates, locales }: Pick<NotificationsDependencies, "templates" | "locales">,
  tx?: Tx,
): Promise<FoundTemplate> {
  const written = await templates.ofKind(kind, [...new Set([locale, locales.default])], tx);
  for (const wanted of [locale, locales.default]) {
    const own = written.find((template) => template.locale === wanted);
    if (own) return own;
    const shipped = shippedIn(kind, wanted);
    if (shipped) return { ...shipped, locale: null, version: shippedVersion, updatedAt: null };
  }
  return { ...shippedFallback(kind), locale: null, version: shippedVersion, updatedAt: null };
}
