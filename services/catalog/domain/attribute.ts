import type { Texts } from "../../../mixins/contract/texts.ts";

/** Kinds of attributes: a text, a number with a unit, yes or no, one or several of the choices, a day. */
export const attributeKinds = ["text", "number", "boolean", "choice", "multiple-choice", "date"] as const;

export type AttributeKind = (typeof attributeKinds)[number];

export const maxAttributes = 1000;
export const maxTypes = 500;
export const maxAttributesOfType = 50;
export const maxChoices = 200;
/** Of one attribute of a product. */
export const maxSelected = 50;
export const maxTextLength = 1000;

export interface Choice {
  readonly code: string;
  readonly label: string;
  /** Field `label`. */
  readonly texts: Texts;
}

/** What an attribute says of itself, wherever it is declared. */
export interface AttributeDefinition {
  /** Names it in products and filters; never changes. */
  readonly code: string;
  readonly name: string;
  /** Field `name`. */
  readonly texts: Texts;
  readonly kind: AttributeKind;
  /** Of numbers, such as `g`. */
  readonly unit: string | null;
  /** Of the choice kinds, in the order in which they are shown. */
  readonly choices: readonly Choice[];
  /** Whether lists of products can be filtered and counted by it. */
  readonly filterable: boolean;
  /** Whether products hold a value for each locale; texts only. */
  readonly localized: boolean;
}

/** A stored attribute. Times are milliseconds since the Unix epoch. */
export interface Attribute extends AttributeDefinition {
  readonly id: string;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** An attribute as a type uses it. */
export interface AttributeUse {
  readonly code: string;
  readonly required: boolean;
}

/** A kind of product, such as phones, and the attributes that its products have, in order. */
export interface TypeDefinition {
  readonly slug: string;
  readonly name: string;
  /** Field `name`. */
  readonly texts: Texts;
  readonly attributes: readonly AttributeUse[];
}

/** A stored type. Times are milliseconds since the Unix epoch. */
export interface ProductType extends TypeDefinition {
  readonly id: string;
  /** Among the types, lowest first. */
  readonly position: number;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What is wrong with an attribute's definition as a whole. */
export function definitionFault({
  kind,
  unit,
  choices,
  localized,
}: Pick<AttributeDefinition, "kind" | "unit" | "choices" | "localized">): {
  readonly path: "unit" | "choices" | "localized";
  readonly message: string;
} | null {
  const hasChoices = kind === "choice" || kind === "multiple-choice";
  if (unit !== null && kind !== "number") return { path: "unit", message: "is for numbers only" };
  if (hasChoices && choices.length === 0) return { path: "choices", message: "must not be empty" };
  if (!hasChoices && choices.length > 0) return { path: "choices", message: "are for choices only" };
  if (localized && kind !== "text") return { path: "localized", message: "is for texts only" };
  return null;
}
