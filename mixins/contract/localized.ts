import { z } from "zod";
import { localeTag, maxLocales } from "../../config/locales.ts";
import { id } from "./ids.ts";

const tag = z.string().regex(localeTag, "must be a language tag such as en or zh-CN");

/** Param of a `localized` action; the gateway sets it, and omits it for the shop's default. */
export const locale = tag
  .optional()
  .describe("Language of the texts: one of the shop's; by default chosen by `Accept-Language`");

/**
 * Param with texts in other languages than the default.
 *
 * @param shape the fields that have texts, with the same schemas as the fields themselves
 */
export function localizedTexts<S extends Shape>(shape: S) {
  return changesByLanguage(z.strictObject(shape).partial());
}

type Shape = Readonly<Record<string, z.ZodType<string, string>>>;

/** `localizedTexts` with further fields of the same kind, such as `attributes.author`. */
export function localizedTextsWith<S extends Shape>(shape: S, further: FurtherFields) {
  return changesByLanguage(withFurther(shape, further));
}

/** Fields whose names are not known beforehand. */
export interface FurtherFields {
  readonly names: RegExp;
  readonly text: z.ZodType<string, string>;
}

function withFurther<S extends Shape>(shape: S, { names, text }: FurtherFields) {
  return z
    .strictObject(shape)
    .partial()
    .catchall(text)
    .superRefine((fields, context) => {
      const keys = Object.keys(fields).filter((name) => !Object.hasOwn(shape, name) && !names.test(name));
      if (keys.length > 0) context.addIssue({ code: "unrecognized_keys", keys, input: fields });
    });
}

function changesByLanguage<F extends z.ZodType>(fields: F) {
  return z
    .record(tag, fields.nullable())
    .refine((texts) => Object.keys(texts).length <= maxLocales, `must have at most ${maxLocales} languages`)
    .meta({ maxProperties: maxLocales })
    .describe(
      "Texts in other languages, by language tag. Those of a language are replaced as a whole; null removes them",
    );
}

/** Changes of a row's texts: by locale, null to remove those in it. */
export type TextChanges = Readonly<Record<string, Readonly<Record<string, string | undefined>> | null>>;

/** Texts by language tag, as staff read them. */
export function textsByLocale<S extends Shape>(shape: S) {
  return z.record(tag, z.strictObject(shape).partial());
}

/** `textsByLocale` with further fields. */
export function textsByLocaleWith<S extends Shape>(shape: S, further: FurtherFields) {
  return z.record(tag, withFurther(shape, further));
}

/**
 * Schema of what staff translate: the fields in the default language, and the texts in the others.
 *
 * @param name of the schema in OpenAPI
 */
export function translations<F extends z.ZodRawShape, T extends z.ZodType>(
  name: string,
  fields: F,
  texts: T,
) {
  return z
    .strictObject({ id, defaultLocale: z.string(), ...fields, texts, version: z.int() })
    .meta({ id: name });
}
