import type { AttributeValue } from "../domain/product.ts";

/** A text in English, Chinese and Japanese; one string where all three are the same. */
export type Texts = readonly [en: string, zh: string, ja: string];
export type Attributes = Readonly<Record<string, AttributeValue>>;
export type Word = string | Texts;

/** A department of the demonstration mall: a category with its sections below. */
export interface DemoDepartment {
  readonly slug: string;
  readonly names: Texts;
  /** Sentences of which each description ends with one. */
  readonly closings: readonly Texts[];
  readonly sections: readonly DemoSection[];
}

export interface DemoSection {
  readonly slug: string;
  readonly names: Texts;
  readonly kinds: readonly DemoKind[];
}

/** Products that share their texts, of which each model fills the places in braces. */
export interface DemoKind {
  readonly shape: DemoShape;
  readonly name: Texts;
  readonly about: Texts;
  readonly weightGrams: number;
  /** Slug of the product type; most kinds without one are accessories. */
  readonly type?: string;
  /** By code, beside colours and sizes, which follow from the options. A place in braces is filled. */
  readonly attributes?: Attributes;
  /** Each combination of these values is a variant. */
  readonly options?: Readonly<Record<string, readonly string[]>>;
  /** What a variant with this option's value costs more, in minor units. */
  readonly surcharges?: Readonly<Record<string, number>>;
  readonly models: readonly DemoModel[];
}

export interface DemoModel {
  /** Slug of its brand. */
  readonly brand: string;
  /** In minor units. */
  readonly price: number;
  /** What the places in the kind's texts say. */
  readonly words: Readonly<Record<string, Word>>;
  /** In addition to its kind's. */
  readonly attributes?: Attributes;
}

/** What a picture shows. */
export type DemoShape =
  | "phone"
  | "earbuds"
  | "watch"
  | "laptop"
  | "monitor"
  | "box"
  | "appliance"
  | "pot"
  | "lamp"
  | "cushion"
  | "shirt"
  | "trousers"
  | "dress"
  | "bag"
  | "shoe"
  | "boot"
  | "bottle"
  | "jar"
  | "tube"
  | "book"
  | "wheel"
  | "car"
  | "bear"
  | "flower"
  | "pram";
