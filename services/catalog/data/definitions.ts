import type { Attribute, ProductType } from "../domain/attribute.ts";
import type { AttributeRepository } from "./attribute-repository.ts";
import { Snapshot } from "./snapshot.ts";
import type { TypeRepository } from "./type-repository.ts";

/** All types and attributes of the shop; their numbers are limited. */
export interface Definitions {
  /** By id. */
  readonly types: ReadonlyMap<string, ProductType>;
  /** By code. */
  readonly attributes: ReadonlyMap<string, Attribute>;
}

export const noDefinitions: Definitions = { types: new Map(), attributes: new Map() };

/** Snapshot of the types and attributes, so that reads of products need no statement for them. */
export class DefinitionsSnapshot extends Snapshot<Definitions> {
  /** @param version changes with every change of the catalogue */
  constructor(types: TypeRepository, attributes: AttributeRepository, version: () => string) {
    super(async () => {
      const [allTypes, allAttributes] = await Promise.all([types.all(), attributes.all()]);
      return {
        types: new Map(allTypes.map((type) => [type.id, type])),
        attributes: new Map(allAttributes.map((attribute) => [attribute.code, attribute])),
      };
    }, version);
  }
}
