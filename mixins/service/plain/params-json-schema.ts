import moleculer from "moleculer";
import { z } from "zod";
import { zodSchemaOf } from "./params-validator.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;
/** A fastest-validator rule in its long form. */
type Rule = Readonly<Record<string, unknown>> & { readonly type: string };

/** Moleculer's fastest-validator instance, which its types omit. */
const { validator } = new moleculer.Validators.Fastest() as unknown as {
  readonly validator: { getRuleFromSchema(definition: unknown): { readonly schema: Rule } };
};

/**
 * Describes a plain service's params for reading requests and for OpenAPI. Rejects nothing; the action's own
 * validator does.
 *
 * @param fromPath path params, which are strings unless the params say otherwise
 */
export function describedParams(params: object, fromPath: readonly string[]): z.ZodObject {
  const zod = zodSchemaOf(params);
  const own = zod
    ? zod instanceof z.ZodObject
      ? zod.shape
      : {}
    : Object.fromEntries(definitionsIn(params).map(describe));
  const texts = fromPath.filter((name) => !Object.hasOwn(own, name)).map((name) => [name, z.string()]);
  return z.looseObject({ ...Object.fromEntries(texts), ...own });
}

/** Excludes the validator's own settings, such as `$$strict`. */
function definitionsIn(params: object): [string, unknown][] {
  return Object.entries(params).filter(([name]) => !name.startsWith("$$"));
}

function describe([name, definition]: [string, unknown]): [string, z.ZodType] {
  const rule = validator.getRuleFromSchema(definition).schema;
  const described = z.any().meta(jsonSchemaOf(rule));
  return [name, rule.optional === true || rule.default !== undefined ? described.optional() : described];
}

function jsonSchemaOf(rule: Rule): JsonSchema {
  const { type, min, max, items, props, properties } = rule;
  const below = (definition: unknown) => jsonSchemaOf(validator.getRuleFromSchema(definition).schema);
  switch (type) {
    case "string":
      return defined({
        type: "string",
        minLength: rule.length ?? min,
        maxLength: rule.length ?? max,
        enum: rule.enum,
      });
    case "email":
    case "uuid":
      return { type: "string", format: type };
    case "url":
      return { type: "string", format: "uri" };
    case "date":
      return { type: "string", format: "date-time" };
    case "number":
      return defined({ type: rule.integer === true ? "integer" : "number", minimum: min, maximum: max });
    case "boolean":
      return { type: "boolean" };
    case "enum":
      return defined({ enum: rule.values });
    case "array":
      return defined({
        type: "array",
        items: items === undefined ? undefined : below(items),
        minItems: min,
        maxItems: max,
      });
    case "object": {
      const known = Object.entries(props ?? properties ?? {});
      return {
        type: "object",
        properties: Object.fromEntries(known.map(([name, definition]) => [name, below(definition)])),
      };
    }
    case "multi":
      return { anyOf: (rule.rules as unknown[]).map(below) };
    default:
      return {};
  }
}

function defined(schema: Record<string, unknown>): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
}
