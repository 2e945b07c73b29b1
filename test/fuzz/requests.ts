import fc from "fast-check";
import type { Operation, Parameter } from "./operations.ts";
import { shapeOf } from "./operations.ts";
import type { GeneratorOptions } from "./values.ts";
import { foreignKeys, hostileScalars, LearnedValue, valueOf } from "./values.ts";
import type { KnownResource, KnownResources, Sender } from "./world.ts";
import { senders } from "./world.ts";

/** A request as it is sent. */
export interface FuzzRequest {
  readonly operation: Operation;
  readonly sender: Sender;
  /** Without the query. */
  readonly path: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
}

/** A random request; references are resolved when it is sent. */
export interface PlannedRequest {
  readonly operation: Operation;
  /** The intended audience, unless another sender is drawn. */
  readonly sender: Sender | undefined;
  /** Selects among known resources, and among responses for the body. */
  readonly which: number;
  readonly isAboutThing: boolean;
  readonly isTakenFromAnswer: boolean;
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly header: Readonly<Record<string, unknown>>;
  readonly body: Body | undefined;
}

interface Body {
  readonly mediaType: string;
  /** Encoded as JSON, unless it is raw. */
  readonly content: unknown;
  /** Text, or a file's bytes. */
  readonly isRaw: boolean;
}

const share = (one: number) =>
  fc.oneof({ weight: one - 1, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) });
/** Versions of new resources, or any. */
const versions = fc.constantFrom<unknown>('"1"', '"2"', "*", "3", 'W/"1"');
const cartHeader = "X-Cart-Token";
/** Marks an omitted value. */
const omitted = Symbol("left out");

/** Random requests of one operation, mostly valid. */
export function requestsFor(operation: Operation, options: GeneratorOptions): fc.Arbitrary<PlannedRequest> {
  const of = (place: Parameter["in"]) => operation.parameters.filter((parameter) => parameter.in === place);
  const values = (place: Parameter["in"]) =>
    fc
      .record(
        Object.fromEntries(
          of(place).map(({ name, schema, required }) => {
            const value = name === "If-Match" ? versions : valueOf(schema, options, name);
            return [
              name,
              required
                ? value
                : fc.oneof({ weight: 5, arbitrary: fc.constant(omitted) }, { weight: 1, arbitrary: value }),
            ];
          }),
        ),
      )
      .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== omitted)));
  const foreign =
    options.hostileOneIn === 0
      ? fc.constant(undefined)
      : fc.oneof(
          { weight: 30, arbitrary: fc.constant(undefined) },
          { weight: 1, arbitrary: fc.constantFrom(...foreignKeys) },
        );
  return fc
    .record({
      sender: fc.oneof(
        { weight: 8, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.constantFrom(...senders) },
      ),
      which: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      isAboutThing: share(10),
      isTakenFromAnswer: share(4),
      path: values("path"),
      query: values("query"),
      header: values("header"),
      foreign,
      body: bodyOf(operation, options),
    })
    .map(({ foreign: key, query, ...plan }) => ({
      ...plan,
      operation,
      query: key === undefined ? query : { ...query, [key]: 1 },
    }));
}

const malformedBodies = [
  '{"a":1,"a":2}',
  "{",
  "[]",
  "null",
  '"text"',
  "[".repeat(50_000),
  `{"a":${"[".repeat(40)}${"]".repeat(40)}}`,
  '{"__proto__":{"role":"administrator"}}',
];

function bodyOf(
  { body, otherBodies, method }: Operation,
  options: GeneratorOptions,
): fc.Arbitrary<Body | undefined> {
  if (otherBodies.length > 0)
    return fc
      .tuple(fc.constantFrom(...otherBodies), fc.string({ maxLength: 400 }), share(3))
      .map(([mediaType, made, isValid]) => {
        const content = isValid ? (options.files?.[mediaType] ?? made) : made;
        return { mediaType, content, isRaw: true };
      });
  if (method === "GET" || method === "DELETE") return fc.constant(undefined);
  const mediaType = "application/json";
  const right = (body ? valueOf(body, options) : fc.constant({})).map((content) => ({
    mediaType,
    content,
    isRaw: false,
  }));
  if (options.hostileOneIn === 0) return right;
  return fc.oneof(
    { weight: 30, arbitrary: right },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...malformedBodies).map((content) => ({ mediaType, content, isRaw: true })),
    },
    { weight: 1, arbitrary: right.map((sent) => ({ ...sent, mediaType: "text/plain" })) },
  );
}

/** Resolves references to known values. */
export function requestOf(plan: PlannedRequest, resources: KnownResources): FuzzRequest {
  const { operation, which } = plan;
  const thing = plan.isAboutThing ? resources.thing(shapeOf(operation.path), which) : undefined;
  const known = (value: unknown) => fill(value, resources, thing);
  const model =
    plan.isTakenFromAnswer && operation.body
      ? resources.alike(operation.body.required ?? [], which)
      : undefined;
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const values = names.map((name, index) => thing?.values[index] ?? known(plan.path[name]));
  let at = 0;
  const path = operation.path.replaceAll(/\{\w+\}/g, () => encoded(values[at++]));
  const isRecord = (name: string) =>
    operation.parameters.some((parameter) => parameter.name === name && parameter.explode === true);
  const pairs = Object.entries(plan.query)
    .flatMap(([name, value]) =>
      isRecord(name) && typeof value === "object" && value !== null
        ? Object.entries(value as Record<string, unknown>)
        : [[name, value] as const],
    )
    .map(([name, value]) => `${encoded(name)}=${encoded(known(value))}`);
  const headers = Object.fromEntries(
    Object.entries(plan.header).map(([name, value]) => [name, headerText(known(value))]),
  );
  if (thing && "If-Match" in headers && plan.isTakenFromAnswer && thing.version !== undefined)
    headers["If-Match"] = `"${thing.version}"`;
  if (thing?.token && operation.parameters.some(({ name }) => name === cartHeader))
    headers[cartHeader] = thing.token;
  return {
    operation,
    sender: plan.sender ?? senderOf(operation, thing?.sender ?? model?.sender),
    path,
    url: pairs.length > 0 ? `${path}?${pairs.join("&")}` : path,
    headers: { ...(plan.body ? { "content-type": plan.body.mediaType } : {}), ...headers },
    body: bodyText(plan.body, known, model?.json),
  };
}

function bodyText(
  body: Body | undefined,
  known: (value: unknown) => unknown,
  model: Readonly<Record<string, unknown>> | undefined,
): string | Buffer | undefined {
  if (!body) return undefined;
  if (body.isRaw) return Buffer.isBuffer(body.content) ? body.content : text(body.content);
  const content = known(body.content);
  if (!model || typeof content !== "object" || content === null) return JSON.stringify(content);
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(content).map(([name, value]: [string, unknown]) => [name, model[name] ?? value]),
    ),
  );
}

/** Audience of an operation, and the resource's owner. */
function senderOf({ audience }: Operation, owner: Sender | undefined): Sender {
  // The document does not say whether owners may too; the drawn sender may be the owner.
  if (audience === "permitted") return "administrator";
  if (owner !== undefined && (audience === "anyone" || owner !== "guest")) return owner;
  return "customer";
}

function fill(value: unknown, resources: KnownResources, thing: KnownResource | undefined): unknown {
  if (value instanceof LearnedValue) {
    const otherwise = fill(value.otherwise, resources, thing);
    const found = resources.named(value.name, value.which, thing);
    return found !== undefined && typeof found === typeof otherwise && value.suits(found) ? found : otherwise;
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, resources, thing));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => [name, fill(inner, resources, thing)]),
  );
}

function headerText(value: unknown): string {
  return text(value)
    .replaceAll(/[^\x20-\x7e]/g, "?")
    .slice(0, 2000)
    .trim();
}

function encoded(value: unknown): string {
  return encodeURIComponent(text(value).toWellFormed().slice(0, 4000)) || "-";
}

function text(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** Each hostile value once, for exhaustive tests. */
export const everyHostileText = hostileScalars.map(text);
