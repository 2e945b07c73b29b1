/** Audience of an operation, by the document. */
export type Audience = "anyone" | "signed-in" | "permitted";

/** An operation as described by the OpenAPI document, the fuzzer's only source. */
export interface Operation {
  readonly name: string;
  readonly method: string;
  /** With `{name}` placeholders. */
  readonly path: string;
  readonly audience: Audience;
  readonly parameters: readonly Parameter[];
  /** Schema of the JSON body, if any. */
  readonly body: Schema | undefined;
  /** Media types of other bodies. */
  readonly otherBodies: readonly string[];
  /** Responses by status. */
  readonly answers: ReadonlyMap<number, Described>;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  /** An object, each of whose keys is a parameter. */
  readonly explode?: boolean;
  readonly schema: Schema;
}

/** The subset of JSON Schema in the document. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly examples?: readonly unknown[];
}

/** One response. */
export interface Described {
  readonly description: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

interface DescribedOperation {
  readonly operationId: string;
  readonly "x-permission"?: string;
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
  readonly responses: Readonly<Record<string, Described>>;
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export function operationsOf({ paths }: ApiDocument): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => {
      const content = described.requestBody?.content ?? {};
      return {
        name: described.operationId,
        method: method.toUpperCase(),
        path,
        audience: audienceOf(described),
        parameters: described.parameters ?? [],
        body: content["application/json"]?.schema,
        otherBodies: Object.keys(content).filter((mediaType) => mediaType !== "application/json"),
        answers: new Map(
          Object.entries(described.responses).map(([status, answer]) => [Number(status), answer]),
        ),
      };
    }),
  );
}

function audienceOf({ security, "x-permission": permission }: DescribedOperation): Audience {
  if (security.length === 0 || security.some((scheme) => Object.keys(scheme).length === 0)) return "anyone";
  return permission === undefined ? "signed-in" : "permitted";
}

/** Path shape without placeholder names. */
export function shapeOf(path: string): string {
  return path.replaceAll(/\{\w+\}/g, "{}");
}
