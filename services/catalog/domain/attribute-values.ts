import type { FieldError } from "../../../mixins/contract/errors.ts";
import type { TextChanges } from "../../../mixins/contract/localized.ts";
import type { AttributeDefinition, AttributeUse } from "./attribute.ts";
import type { AttributeValue } from "./product.ts";

type Values = Readonly<Record<string, AttributeValue>>;

/**
 * Checks a product's attributes against its type.
 *
 * @param uses of the type; none for a product without a type
 * @param definitions by code
 * @returns faults by field, such as `attributes.colour`
 */
export function attributeFaults(
  values: Values,
  uses: readonly AttributeUse[],
  definitions: ReadonlyMap<string, AttributeDefinition>,
): FieldError[] {
  const used = new Set(uses.map(({ code }) => code));
  const unknown = Object.keys(values)
    .filter((code) => !used.has(code))
    .map((code) => fault(code, "unknown-field", "is no attribute of the product's type"));
  const given = new Map(Object.entries(values));
  const wrong = uses.flatMap(({ code, required }) => {
    const value = given.get(code);
    const definition = definitions.get(code);
    if (value === undefined || definition === undefined)
      return required ? [fault(code, "required", "is required")] : [];
    const found = valueFault(value, definition, required);
    return found ? [fault(code, found.code, found.message)] : [];
  });
  return [...unknown, ...wrong];
}

/**
 * Checks texts of localized attributes in other languages, `attributes.<code>` by language.
 *
 * @returns faults by field, such as `texts.zh-CN.attributes.author`
 */
export function attributeTextFaults(
  texts: TextChanges,
  uses: readonly AttributeUse[],
  definitions: ReadonlyMap<string, AttributeDefinition>,
): FieldError[] {
  const localized = new Set(
    uses.filter(({ code }) => definitions.get(code)?.localized).map(({ code }) => `attributes.${code}`),
  );
  return Object.entries(texts).flatMap(([locale, fields]) =>
    Object.keys(fields ?? {})
      .filter((field) => field.startsWith("attributes.") && !localized.has(field))
      .map((field) => ({
        path: `texts.${locale}.${field}`,
        code: "unknown-field",
        message: "is no attribute of the product's type that has texts in several languages",
      })),
  );
}

function fault(attribute: string, code: string, message: string): FieldError {
  return { path: `attributes.${attribute}`, code, message };
}

type Fault = Pick<FieldError, "code" | "message">;

function valueFault(
  value: AttributeValue,
  { kind, choices }: AttributeDefinition,
  required: boolean,
): Fault | undefined {
  const wrongType = (expected: string): Fault => ({ code: "invalid-type", message: `must be ${expected}` });
  const isChoice = (code: string) => choices.some((choice) => choice.code === code);
  const notChoice: Fault = { code: "invalid-value", message: "must be one of the attribute's choices" };
  switch (kind) {
    case "text":
      return typeof value === "string" ? undefined : wrongType("a text");
    case "number":
      return typeof value === "number" ? undefined : wrongType("a number");
    case "boolean":
      return typeof value === "boolean" ? undefined : wrongType("true or false");
    case "date":
      if (typeof value !== "string") return wrongType("a text");
      return isDay(value)
        ? undefined
        : { code: "invalid-format", message: "must be a day, such as 2026-01-31" };
    case "choice":
      if (typeof value !== "string") return wrongType("a text");
      return isChoice(value) ? undefined : notChoice;
    case "multiple-choice":
      if (!Array.isArray(value)) return wrongType("a list");
      if (required && value.length === 0) return { code: "required", message: "is required" };
      if (new Set(value).size < value.length) return { code: "invalid-value", message: "has a choice twice" };
      return (value as readonly string[]).every(isChoice) ? undefined : notChoice;
    default:
      return kind satisfies never;
  }
}

/** A day of the calendar, such as `2026-01-31`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
