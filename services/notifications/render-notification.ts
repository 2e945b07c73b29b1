import type { Locales } from "../../mixins/locales/locales.ts";
import { kindOf, variablesOf } from "./domain/kinds.ts";
import type { TemplateContent } from "./domain/template.ts";
import { render } from "./domain/template.ts";
import type { Renderable } from "./domain/values.ts";
import { formatValues } from "./domain/values.ts";

/** For whom it is rendered. */
export interface Reader {
  readonly customer: string;
  /** One of the shop's languages. */
  readonly locale: string;
  readonly timeZone: string;
  readonly unsubscribeUrl?: string | undefined;
}

/** Fills a template with a notification's values, as its reader's language and time zone write them. */
export function renderNotification(
  template: TemplateContent,
  { kind, subjectId, values, occurredAt }: Renderable,
  { customer, locale, timeZone, unsubscribeUrl }: Reader,
  {
    shop,
    shopUrl,
    locales,
  }: { readonly shop: string; readonly shopUrl: string | undefined; readonly locales: Locales },
): TemplateContent {
  const url = shopUrl && shopUrl + kindOf(kind).page.replace("{id}", encodeURIComponent(subjectId ?? ""));
  const common = {
    shop,
    customer,
    time: occurredAt,
    ...(url === undefined ? {} : { url }),
    ...(unsubscribeUrl === undefined ? {} : { unsubscribeUrl }),
  };
  const formatting = {
    locale,
    timeZone,
    textOf: (text: { readonly byLocale: Readonly<Record<string, string>> }) =>
      locales.text(text.byLocale, locale),
  };
  return render(template, formatValues(variablesOf(kind), { ...values, ...common }, formatting));
}
