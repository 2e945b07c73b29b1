import fc from "fast-check";
import type { ApiDocument, Operation, Parameter } from "./operations.ts";
import type { KnownIds } from "./values.ts";
import { foreignKeys, hostileScalars, valueOf } from "./values.ts";

export const senders = ["guest", "customer", "administrator"] as const;
export type Sender = (typeof senders)[number];

/** A request as it is sent. */
export interface FuzzRequest {
  readonly operation: Operation;
  readonly sender: Sender;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Requests that the document describes, more or less. */
export function requestsOf(document: ApiDocument, operations: readonly Operation[], known: KnownIds): fc.Arbitrary<FuzzRequest> {
  return fc.oneof(...operations.map((operation) => requestOf(operation, document, known)));
}

/** Of things as they are when they are new, or whatever they are. */
const versions = fc.constantFrom<unknown>('"1"', '"2"', "*", "3", "W/\"1\"");

function requestOf(operation: Operation, document: ApiDocument, known: KnownIds): fc.Arbitrary<FuzzRequest> {
  const of = (place: Parameter["in"]) => fc.record(Object.fromEntries(
    operation.parameters.filter((parameter) => parameter.in === place).map(({ name, schema }) => [name, name === "If-Match" ? versions : valueOf(schema, document, known)]),
  ), { requiredKeys: operation.parameters.filter(({ required, in: at }) => required && at === place).map(({ name }) => name) });
  return fc
    .record({
      sender: fc.constantFrom(...senders),
      path: fc.record(Object.fromEntries(operation.parameters.filter(({ in: place }) => place === "path").map(({ name, schema }) => [name, valueOf(schema, document, known)]))),
      query: of("query"),
      foreign: fc.oneof({ weight: 15, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constantFrom(...foreignKeys) }),
      header: of("header"),
      body: bodyOf(operation, document, known),
    })
    .map(({ sender, path, query, foreign, header, body }) => {
      const filled = operation.path.replace(/\{(\w+)\}/g, (_mark, name: string) => encoded(path[name]));
      const pairs = Object.entries(foreign ? { ...query, [foreign]: 1 } : query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
      return {
        operation,
        sender,
        url: pairs.length > 0 ? `${filled}?${pairs.join("&")}` : filled,
        headers: { ...body?.headers, ...headersOf(header) },
        body: body?.text,
      };
    });
}

type Body = { readonly text: string; readonly headers: Record<string, string> } | undefined;

function bodyOf({ body, otherBodies, method }: Operation, document: ApiDocument, known: KnownIds): fc.Arbitrary<Body> {
  const as = (mediaType: string) => (text: string): Body => ({ text, headers: { "content-type": mediaType } });
  if (otherBodies.length > 0)
    return fc.tuple(fc.constantFrom(...otherBodies), fc.string({ maxLength: 400 })).map(([mediaType, text]) => as(mediaType)(text));
  if (method === "GET" || method === "DELETE") return fc.constant(undefined);
  const json = as("application/json");
  const right = (body ? valueOf(body, document, known) : fc.constant({})).map((value) => json(JSON.stringify(value)));
  const nonsense = fc.constantFrom('{"a":1,"a":2}', "{", "[]", "null", '"text"', "[".repeat(50_000), `{"a":${"[".repeat(40)}${"]".repeat(40)}}`, '{"__proto__":{"role":"administrator"}}');
  return fc.oneof({ weight: 15, arbitrary: right }, { weight: 1, arbitrary: nonsense.map(json) }, { weight: 1, arbitrary: right.map((sent) => (sent ? { ...sent, headers: { "content-type": "text/plain" } } : sent)) });
}

function headersOf(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, text(value).replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 2000).trim()]));
}

function encoded(value: unknown): string {
  return encodeURIComponent(text(value).toWellFormed().slice(0, 4000)) || "-";
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value) ?? "";
}

/** Each hostile value once, for tests that try all of them. */
export const everyHostileText = hostileScalars.map(text);
