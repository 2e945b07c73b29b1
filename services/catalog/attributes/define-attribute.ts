import type { Tx } from "../../../mixins/database/database.ts";
import type { FieldError } from "../../../mixins/contract/errors.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import type { TextChanges } from "../../../mixins/contract/localized.ts";
import type { Locales } from "../../../mixins/locales/locales.ts";
import type { AttributeRepository } from "../data/attribute-repository.ts";
import type { TypeRepository } from "../data/type-repository.ts";
import type { AttributeDefinition, AttributeUse, Choice } from "../domain/attribute.ts";
import { definitionFault } from "../domain/attribute.ts";
import { attributeFaults, attributeTextFaults } from "../domain/attribute-values.ts";
import type { Product } from "../domain/product.ts";

/** @throws ShopError `validation-failed` for a definition that contradicts itself */
export function assertDefinition(definition: AttributeDefinition): void {
  const fault = definitionFault(definition);
  if (fault) throw invalid([{ code: "invalid-value", ...fault }]);
}

/** Choices from params. @throws ShopError `validation-failed` for texts in languages that the shop does not have */
export function choicesOf(
  given: readonly {
    readonly code: string;
    readonly label: string;
    readonly texts?: TextChanges | undefined;
  }[],
  locales: Locales,
): Choice[] {
  return given.map(({ code, label, texts }) => ({ code, label, texts: locales.withChanges({}, texts) }));
}

/**
 * Keeps the attributes that a type refers to as they are until the transaction ends.
 *
 * @throws ShopError `validation-failed` for those that do not exist
 */
export async function assertAttributesExist(
  uses: readonly AttributeUse[],
  attributes: AttributeRepository,
  tx: Tx,
): Promise<void> {
  const codes = uses.map(({ code }) => code);
  const known = new Set((await attributes.share(codes, tx)).map(({ code }) => code));
  const faults = codes.flatMap((code, index) =>
    known.has(code)
      ? []
      : [{ path: `attributes.${index}.code`, code: "invalid-value", message: "is no attribute's code" }],
  );
  if (faults.length > 0) throw invalid(faults);
}

/**
 * Checks a product's type and attributes, with their changed texts in other languages, and keeps their definitions as they are until the transaction ends.
 *
 * @throws ShopError `validation-failed` that names the fields
 */
export async function assertAttributes(
  { typeId, attributes: values }: Pick<Product, "typeId" | "attributes">,
  texts: TextChanges,
  { types, attributes }: { readonly types: TypeRepository; readonly attributes: AttributeRepository },
  tx: Tx,
): Promise<void> {
  const type = typeId === null ? undefined : await types.share(typeId, tx);
  if (typeId !== null && !type)
    throw invalid([{ path: "typeId", code: "invalid-value", message: "is no type's id" }]);
  const uses = type?.attributes ?? [];
  const definitions = await attributes.share(
    uses.map(({ code }) => code),
    tx,
  );
  const byCode = new Map(definitions.map((definition) => [definition.code, definition]));
  const faults = [...attributeFaults(values, uses, byCode), ...attributeTextFaults(texts, uses, byCode)];
  if (faults.length > 0) throw invalid(faults);
}

/** Whether texts are of an attribute too. */
export function namesAttribute(texts: TextChanges = {}): boolean {
  return Object.values(texts).some((fields) =>
    Object.keys(fields ?? {}).some((field) => field.startsWith("attributes.")),
  );
}

function invalid(errors: readonly FieldError[]): ShopError {
  return new ShopError("validation-failed", undefined, { errors: [...errors] });
}
