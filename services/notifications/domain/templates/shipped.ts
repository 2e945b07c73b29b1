import { escapeHtml } from "../template.ts";
import type { KindName } from "../kinds.ts";
import { isOptional } from "../kinds.ts";
import type { TemplateContent } from "../template.ts";

/** A template in its source form: the paragraphs make the text and the HTML. */
export interface ShippedTemplate {
  readonly subject: string;
  readonly short: string;
  readonly paragraphs: readonly string[];
}

export interface ShippedLanguage {
  readonly kinds: Readonly<Record<KindName, ShippedTemplate>>;
  /** Caption of the link to the shop's page. */
  readonly open: string;
  readonly greeting: string;
  readonly unsubscribe: string;
}

/** The complete template of a kind: greeting, paragraphs, link, and a way to unsubscribe where it is optional. */
export function shippedContent(kind: KindName, language: ShippedLanguage): TemplateContent {
  const { subject, short, paragraphs } = language.kinds[kind];
  const { greeting, open, unsubscribe } = language;
  const all = [greeting, ...paragraphs];
  const lines = [...all, `{{#url}}${open}: {{url}}{{/url}}`, "{{shop}}"];
  const html = [
    ...all.map((paragraph) => `<p>${escapeText(paragraph)}</p>`),
    `{{#url}}<p><a href="{{url}}">${escapeHtml(open)}</a></p>{{/url}}`,
    "<p>{{shop}}</p>",
  ];
  if (isOptional(kind)) {
    lines.push(`{{#unsubscribeUrl}}${unsubscribe}: {{unsubscribeUrl}}{{/unsubscribeUrl}}`);
    html.push(
      `{{#unsubscribeUrl}}<p><small><a href="{{unsubscribeUrl}}">${escapeHtml(unsubscribe)}</a></small></p>{{/unsubscribeUrl}}`,
    );
  }
  return { subject, short, text: `${lines.join("\n\n")}\n`, html: `${html.join("\n")}\n` };
}

/** A paragraph's own characters; those of its placeholders stay, and lines stay lines. */
function escapeText(paragraph: string): string {
  return paragraph
    .split(/(\{\{[^{}]*\}\})/)
    .map((part) => (part.startsWith("{{") ? part : escapeHtml(part)))
    .join("")
    .replaceAll("\n", "<br>");
}
