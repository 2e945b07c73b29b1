import type { KindName, VariableType, Variables } from "./kinds.ts";

/** An amount in minor units. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** A variable's value as it is stored: times are milliseconds since the Unix epoch. */
export type Value = string | number | Money | LocalizedText | readonly Values[];
/** A text by locale. */
export interface LocalizedText {
  readonly byLocale: Readonly<Record<string, string>>;
}
export interface Values {
  readonly [name: string]: Value;
}

/** What a template is filled with. */
export interface Renderable {
  readonly kind: KindName;
  readonly subjectId: string | null;
  readonly values: Values;
  /** Milliseconds since the Unix epoch. */
  readonly occurredAt: number;
}

/** How values are written. */
export interface Formatting {
  /** BCP 47 tag. */
  readonly locale: string;
  /** IANA name. */
  readonly timeZone: string;
  /** The text in the locale, with the shop's fallbacks. */
  readonly textOf: (text: LocalizedText) => string;
}

export type Rendered = string | readonly RenderedValues[];
export interface RenderedValues {
  readonly [name: string]: Rendered;
}

/** Longer texts of others, such as product names, are cut. */
const maxText = 200;
/** Further items of a list are left out. */
const maxItems = 50;

/**
 * Values as a template shows them: one line each, without control characters. A variable without a value, or with
 * one of another type, is absent.
 */
export function formatValues(variables: Variables, values: Values, formatting: Formatting): RenderedValues {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, type]) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      const shown = value === undefined ? undefined : format(type, value, formatting);
      return shown === undefined ? [] : [[name, shown] as const];
    }),
  );
}

function format(type: VariableType, value: Value, formatting: Formatting): Rendered | undefined {
  if (typeof type === "object")
    return Array.isArray(value)
      ? (value as readonly Values[]).slice(0, maxItems).map((item) => formatValues(type, item, formatting))
      : undefined;
  switch (type) {
    case "money":
      return typeof value === "object" && "currency" in value
        ? moneyText(value, formatting.locale)
        : undefined;
    case "time":
      return typeof value === "number" ? timeText(value, formatting) : undefined;
    case "localized":
      return typeof value === "object" && "byLocale" in value ? oneLine(formatting.textOf(value)) : undefined;
    case "text":
      return typeof value === "string" || typeof value === "number" ? oneLine(String(value)) : undefined;
    case "url":
      return typeof value === "string" && /^https?:\/\/\S+$/.test(value) ? value : undefined;
  }
}

export function oneLine(text: string, maxLength = maxText): string {
  const line = text.replaceAll(/[\s\p{C}]+/gu, " ").trim();
  if (line.length <= maxLength) return line;
  // Half of a surrogate pair is no character.
  return `${line.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** By locale and currency, of which a shop has few; making one costs more than using it. */
const moneyFormats = new Map<string, Intl.NumberFormat>();

function moneyText({ amount, currency }: Money, locale: string): string {
  const key = `${locale} ${currency}`;
  const format = moneyFormats.get(key) ?? new Intl.NumberFormat(locale, { style: "currency", currency });
  moneyFormats.set(key, format);
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

function timeText(time: number, { locale, timeZone }: Formatting): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short", timeZone }).format(time);
}
