import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Endpoint } from "../routing/endpoints.ts";
import { examples } from "./examples.ts";

/** JSON value of the OpenAPI document. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** JSON schema of an action's params. */
export interface ObjectSchema {
  readonly properties: Readonly<Record<string, JsonObject>>;
  readonly required: readonly string[];
}

/**
 * JSON schemas of Zod schemas. Those with an id become components; a second one where input and output
 * differ.
 */
export class Schemas {
  readonly components: Record<string, Json> = {};
  /** Output schemas by id, with references resolved. */
  readonly #outputs = new Map<string, Json>();

  constructor(endpoints: readonly Endpoint[]) {
    for (const { contract } of endpoints)
      for (const [id, whole] of resolvedDefinitions(contract.result, "output")) this.#outputs.set(id, whole);
  }

  result(schema: z.core.$ZodType): JsonObject {
    return this.#convert(schema, "output");
  }

  params(schema: z.core.$ZodType): ObjectSchema {
    const { properties, required } = this.#convert(schema, "input") as Partial<ObjectSchema>;
    return { properties: properties ?? {}, required: required ?? [] };
  }

  #convert(schema: z.core.$ZodType, io: "input" | "output"): JsonObject {
    const { definitions, rest } = jsonSchema(schema, io);
    const resolved = resolvedDefinitions(schema, io);
    const names = new Map(
      Object.keys(definitions).map((id) => {
        const output = this.#outputs.get(id);
        return [id, output === undefined || isDeepStrictEqual(output, resolved.get(id)) ? id : `${id}Input`];
      }),
    );
    for (const [id, definition] of Object.entries(definitions))
      this.components[names.get(id) ?? id] = withReferences(definition, (name) => ({
        $ref: `#/components/schemas/${names.get(name) ?? name}`,
      }));
    return withReferences(rest, (name) => ({
      $ref: `#/components/schemas/${names.get(name) ?? name}`,
    })) as JsonObject;
  }
}

function jsonSchema(schema: z.core.$ZodType, io: "input" | "output") {
  const { $schema: _schema, $defs = {}, ...rest } = z.toJSONSchema(schema, { io });
  return {
    definitions: withExamples($defs as Json) as JsonObject,
    rest: withExamples(rest as Json) as JsonObject,
  };
}

function resolvedDefinitions(schema: z.core.$ZodType, io: "input" | "output"): Map<string, Json> {
  const { definitions } = jsonSchema(schema, io);
  const resolve = (id: string, above: readonly string[]): Json =>
    above.includes(id)
      ? id
      : withReferences(definitions[id] ?? null, (name) => resolve(name, [...above, id]));
  return new Map(Object.keys(definitions).map((id) => [id, resolve(id, [])]));
}

function withExamples(value: Json, name?: string): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => withExamples(item));
  if (!isObject(value)) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withExamples(item, key)]));
  const example = name === undefined ? undefined : examples[name];
  return example !== undefined && copy.type === "string" ? { ...copy, examples: [example] } : copy;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const localReference = "#/$defs/";

/** Copies a schema and replaces its references; siblings of a reference stay. */
function withReferences(value: Json, replace: (id: string) => Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => withReferences(item, replace));
  if (!isObject(value)) return value;
  const { $ref, ...rest } = value;
  const beside = Object.fromEntries(
    Object.entries(rest).map(([name, item]) => [name, withReferences(item, replace)]),
  );
  if (typeof $ref !== "string" || !$ref.startsWith(localReference))
    return $ref === undefined ? beside : { $ref, ...beside };
  const replaced = replace($ref.slice(localReference.length));
  return isObject(replaced) ? { ...replaced, ...beside } : replaced;
}
