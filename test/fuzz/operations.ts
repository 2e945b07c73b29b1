/** Who an operation is for, as the document says. */
export type Audience = "anyone" | "signed-in" | "permitted";

/** What the fuzzer knows of an operation: nothing but what the OpenAPI document says. */
export interface Operation {
  readonly name: string;
  readonly method: string;
  /** With `{name}` for what varies. */
  readonly path: string;
  readonly audience: Audience;
  readonly parameters: readonly Parameter[];
  /** The schema of the JSON body, where there is one. */
  readonly body: Schema | undefined;
  /** Media types of other bodies. */
  readonly otherBodies: readonly string[];
  /** What it can answer, by status. */
  readonly answers: ReadonlyMap<number, Described>;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly schema: Schema;
}

/** As much of JSON Schema as the document uses. */
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

/** One kind of answer. */
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
        answers: new Map(Object.entries(described.responses).map(([status, answer]) => [Number(status), answer])),
      };
    }),
  );
}

function audienceOf({ security, "x-permission": permission }: DescribedOperation): Audience {
  if (security.length === 0 || security.some((scheme) => Object.keys(scheme).length === 0)) return "anyone";
  return permission === undefined ? "signed-in" : "permitted";
}

/** The same for paths that differ in the names of what varies only. */
export function shapeOf(path: string): string {
  return path.replaceAll(/\{\w+\}/g, "{}");
}
