import type { EventPayload, Result } from "../../../mixins/contract/calls.ts";
import { toTimestamp } from "../../../mixins/contract/fields.ts";
import type { Locales } from "../../../mixins/locales/locales.ts";
import { textsSnapshot } from "../../../mixins/contract/texts.ts";
import type { Definitions } from "../data/definitions.ts";
import type { Attribute, Choice, ProductType } from "../domain/attribute.ts";
import type { AttributeValue, Product } from "../domain/product.ts";

type Snapshot = NonNullable<EventPayload<"catalog.changed">["after"]>;
type PresentedValue = Result<"catalog.products.get">["attributes"][number];

/** Presents texts of definitions in one language. */
export class AttributePresenter {
  readonly #locales: Locales;
  readonly #locale: string | undefined;

  /** @param locale undefined for the shop's default */
  constructor(locales: Locales, locale: string | undefined) {
    this.#locales = locales;
    this.#locale = locale;
  }

  attribute(attribute: Attribute): Result<"catalog.attributes.get"> {
    const { id, code, kind, unit, filterable, localized, texts, version } = attribute;
    return {
      id,
      code,
      name: this.name(attribute),
      texts,
      kind,
      unit,
      choices: attribute.choices.map((choice) => ({ ...choice, label: this.label(choice) })),
      filterable,
      localized,
      version,
      createdAt: toTimestamp(attribute.createdAt),
      updatedAt: toTimestamp(attribute.updatedAt),
    };
  }

  type(type: ProductType): Result<"catalog.types.create"> {
    const { id, slug, texts, attributes, position, version } = type;
    return {
      id,
      slug,
      name: this.name(type),
      texts,
      attributes: [...attributes],
      position,
      version,
      createdAt: toTimestamp(type.createdAt),
      updatedAt: toTimestamp(type.updatedAt),
    };
  }

  name(definition: Attribute | ProductType): string {
    return this.#locales.localized<Attribute | ProductType>(definition, this.#locale).name;
  }

  label(choice: Choice): string {
    return this.#locales.localized(choice, this.#locale).label;
  }

  /** A product's attributes as its type orders them; a value that the type does not know is left out. */
  values(
    product: Pick<Product, "typeId" | "attributes" | "texts">,
    definitions: Definitions,
  ): PresentedValue[] {
    const { attributes = [] } = (product.typeId && definitions.types.get(product.typeId)) || {};
    const values = new Map(Object.entries(product.attributes));
    const texts = new Map<string, unknown>(Object.entries(this.#locales.localized(product, this.#locale)));
    return attributes.flatMap(({ code }) => {
      const value = values.get(code);
      const attribute = definitions.attributes.get(code);
      if (value === undefined || !attribute) return [];
      const text = attribute.localized ? texts.get(`attributes.${code}`) : undefined;
      return [this.#value(typeof text === "string" ? text : value, attribute)];
    });
  }

  #value(value: AttributeValue, attribute: Attribute): PresentedValue {
    const { code, kind, unit, choices } = attribute;
    const chosen = choices.length === 0 ? [] : [value].flat();
    return {
      code,
      name: this.name(attribute),
      kind,
      value: typeof value === "object" ? [...value] : value,
      labels: chosen.map((each) => {
        const choice = choices.find((one) => one.code === each);
        return choice ? this.label(choice) : String(each);
      }),
      unit,
    };
  }
}

/** Fields of an attribute that staff edit, for change events. */
export function attributeSnapshot(attribute: Attribute): Snapshot {
  const { code, name, kind, unit, choices, filterable, localized, texts } = attribute;
  return { code, name, kind, unit, choices, filterable, localized, ...textsSnapshot(texts) };
}

/** Fields of a type that staff edit, for change events. */
export function typeSnapshot({ slug, name, attributes, position, texts }: ProductType): Snapshot {
  return { slug, name, attributes, position, ...textsSnapshot(texts) };
}
