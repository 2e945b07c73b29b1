import { sampleOf } from "../domain/samples.ts";
import { isOptional } from "../domain/kinds.ts";
import { findTemplate } from "../find-template.ts";
import { renderNotification } from "../render-notification.ts";
import { action } from "../notifications.dependencies.ts";
import { assertSafe } from "./put-template.action.ts";

export const previewTemplate = action(
  "notifications.templates.preview",
  async ({ params, now, fail }, dependencies) => {
    const { locales, settings } = dependencies;
    const { kind } = params;
    const locale = locales.named(params.locale);
    if (locale === undefined) throw fail("not-found");
    const present = await findTemplate(kind, locale, dependencies);
    const { subject, text, html, short } = params;
    const content = {
      subject: subject ?? present.subject,
      text: text ?? present.text,
      html: html ?? present.html,
      short: short ?? present.short,
    };
    assertSafe(kind, content);
    const shopUrl = settings.shopUrl ?? "https://shop.example";
    const reader = {
      customer: "Ada Lovelace",
      locale,
      timeZone: settings.timeZone,
      unsubscribeUrl: isOptional(kind) ? `${shopUrl}/unsubscribe` : undefined,
    };
    const sample = sampleOf(kind, settings.currency, locales.default, now);
    return renderNotification(content, sample, reader, { ...settings, shopUrl, locales });
  },
);
