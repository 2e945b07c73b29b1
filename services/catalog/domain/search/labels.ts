import type { Texts } from "../../../../mixins/contract/texts.ts";
import type { Attribute } from "../attribute.ts";

/** What people call a value of an attribute. */
export interface Label {
  /** As facets store it. */
  readonly value: string;
  /** In all languages. */
  readonly names: readonly string[];
}

/** The labels of an attribute's choices; its own name for one that is yes or no. */
export function labelsOf(attribute: Pick<Attribute, "kind" | "name" | "texts" | "choices">): Label[] {
  if (attribute.kind === "boolean") return [{ value: "true", names: namesOf(attribute) }];
  return attribute.choices.map(({ code, label, texts }) => ({
    value: code,
    names: [label, ...translations(texts, "label")],
  }));
}

/** A name in all languages. */
export function namesOf({ name, texts }: { readonly name: string; readonly texts: Texts }): string[] {
  return [name, ...translations(texts, "name")];
}

function translations(texts: Texts, field: string): string[] {
  return Object.values(texts).flatMap((its) => its[field] ?? []);
}
