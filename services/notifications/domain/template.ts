import mustache from "mustache";
import type { KindName, VariableType, Variables } from "./kinds.ts";
import { variablesOf } from "./kinds.ts";
import type { RenderedValues } from "./values.ts";
import { oneLine } from "./values.ts";

/** What a notification says in one language, with placeholders `{{name}}` and sections `{{#name}}…{{/name}}`. */
export interface TemplateContent {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** For SMS and the inbox. */
  readonly short: string;
}

/** Of a template that staff have not changed. */
export const shippedVersion = 1;

export const contentParts = ["subject", "text", "html", "short"] as const;
type Part = (typeof contentParts)[number];

/** Maximum lengths in characters. */
export const maxLengths = { subject: 200, text: 10_000, html: 20_000, short: 300 } as const satisfies Record<
  Part,
  number
>;
/** What a rendered text may have; values make it longer than its template. */
const maxRendered = 200_000;
const maxRenderedShort = 600;

export interface TemplateFault {
  readonly path: Part;
  readonly message: string;
}

type Token = readonly [type: string, value: string, start: number, end: number, children?: readonly Token[]];

// The cache would keep every text that staff ever tried.
mustache.templateCache = undefined;

/**
 * Faults of a template: what is no placeholder, an unknown variable, or a place where a value could do more than
 * be read. Empty when it is safe to render with any values.
 */
export function faultsOf(kind: KindName, content: TemplateContent): TemplateFault[] {
  return contentParts.flatMap((path) => {
    const message = faultIn(content[path], path === "html", variablesOf(kind));
    return message === undefined ? [] : [{ path, message }];
  });
}

function faultIn(template: string, isHtml: boolean, variables: Variables): string | undefined {
  let tokens: readonly Token[];
  try {
    tokens = mustache.parse(template) as unknown as readonly Token[];
  } catch (error) {
    return `is no template: ${oneLine((error as Error).message)}`;
  }
  return (
    faultOfTokens(tokens, { variables, inList: false }) ??
    (isHtml ? faultOfHtml(template, variables) : undefined)
  );
}

interface Scope {
  readonly variables: Variables;
  readonly inList: boolean;
}

function faultOfTokens(tokens: readonly Token[], scope: Scope): string | undefined {
  for (const [type, name, , , children = []] of tokens) {
    if (type === "text") continue;
    if (type !== "name" && type !== "#" && type !== "^")
      return `must have no other tags than {{name}}, {{#name}}, {{^name}} and {{/name}}, not for ${oneLine(name, 40)}`;
    const variable = Object.hasOwn(scope.variables, name) ? scope.variables[name] : undefined;
    if (variable === undefined)
      return `has an unknown variable ${oneLine(name, 40)}; there are ${Object.keys(scope.variables).join(", ")}`;
    const fault =
      type === "name" ? faultOfName(name, variable) : faultOfSection(type, name, variable, children, scope);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOfName(name: string, variable: VariableType): string | undefined {
  return typeof variable === "object" ? `must show ${name} as a section, since it is a list` : undefined;
}

function faultOfSection(
  type: string,
  name: string,
  variable: VariableType,
  children: readonly Token[],
  { variables, inList }: Scope,
): string | undefined {
  if (typeof variable !== "object" || type === "^") return faultOfTokens(children, { variables, inList });
  if (inList) return `must not have ${name} inside of a list`;
  return faultOfTokens(children, {
    variables: { ...variables, ...variable, [name]: variable },
    inList: true,
  });
}

/** Elements in which text is no text, and what runs or loads something. */
const forbiddenHtml =
  /<\s*\/?\s*(?:script|style|iframe|object|embed|form|input|button|base|meta|link|svg|math|template|textarea|title|noscript|xmp|plaintext)\b|<!|<\?|\son\w+\s*=|(?:java|vb)script:|data:text/i;
const placeholder = /\{\{\s*[#^/]?\s*([^{}]*?)\s*\}\}/g;

/** A placeholder may stand between elements; within a tag only a URL may, as a whole attribute in double quotes. */
function faultOfHtml(template: string, variables: Variables): string | undefined {
  const forbidden = forbiddenHtml.exec(template);
  if (forbidden) return `must not have ${oneLine(forbidden[0], 40)}`;
  for (const match of template.matchAll(placeholder)) {
    const before = template.slice(0, match.index);
    if (before.lastIndexOf("<") <= before.lastIndexOf(">")) continue;
    const isUrl = variables[match[1] ?? ""] === "url" && !/^\{\{\s*[#^/]/.test(match[0]);
    const after = template[match.index + match[0].length];
    if (!isUrl || !/\s(?:href|src)="$/i.test(before) || after !== '"')
      return `must not have ${oneLine(match[0], 40)} in a tag, except a URL as href="{{url}}"`;
  }
  return undefined;
}

/** Escapes `'`, `` ` `` and `=` too, which end attributes that are not quoted. */
const htmlEntities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
  "=": "&#61;",
};

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"'`=]/g, (character) => htmlEntities[character] ?? "");
}

/** Renders a template without faults. Subject and short text are one line. */
export function render(content: TemplateContent, values: RenderedValues): TemplateContent {
  const plain = (template: string) => renderPart(template, values, (text) => text);
  return {
    subject: oneLine(plain(content.subject), maxLengths.subject),
    text: plain(content.text),
    html: renderPart(content.html, values, escapeHtml),
    short: oneLine(plain(content.short), maxRenderedShort),
  };
}

function renderPart(template: string, values: RenderedValues, escape: (text: string) => string): string {
  const text = mustache.render(template, values, {}, { escape: (value: unknown) => escape(String(value)) });
  if (text.length > maxRendered) throw new Error("a rendered notification is too long");
  return text;
}
