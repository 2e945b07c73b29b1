import type { ServiceSchema } from "moleculer";
import type { ServiceContract } from "../contract/contract.ts";
import type { Invariant } from "../database/invariant.ts";
import type { Migration } from "../database/migrate.ts";

/** The shop's metadata of a service, besides its Moleculer schema. */
export interface Definition {
  readonly contract: ServiceContract;
  /** Undefined for a service without data. */
  readonly migrations?: readonly Migration[] | undefined;
  /** Invariants of its data. */
  readonly invariants?: readonly Invariant[] | undefined;
}

const definitions = new WeakMap<ServiceSchema, Definition>();

/** Attaches metadata to a schema, for use before any node runs the service. */
export function define(schema: ServiceSchema, definition: Definition): ServiceSchema {
  definitions.set(schema, definition);
  return schema;
}

/** @returns undefined for a plain Moleculer schema */
export function definitionOf(schema: ServiceSchema): Definition | undefined {
  return definitions.get(schema);
}
