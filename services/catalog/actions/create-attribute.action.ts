import { newId } from "../../../mixins/contract/ids.ts";
import { action } from "../catalog.dependencies.ts";
import { assertDefinition, choicesOf } from "../attributes/define-attribute.ts";
import { maxAttributes } from "../domain/attribute.ts";
import { takenFields } from "../present.ts";
import { AttributePresenter, attributeSnapshot } from "../attributes/present-attributes.ts";

export const createAttribute = action(
  "catalog.attributes.create",
  async ({ params, now, transaction, fail }, { attributes, locales }) => {
    const attribute = {
      ...params,
      id: newId(),
      texts: locales.withChanges({}, params.texts),
      choices: choicesOf(params.choices, locales),
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    assertDefinition(attribute);
    await transaction(async (tx) => {
      if (await attributes.isFull(tx))
        throw fail("limit-reached", `There can be at most ${maxAttributes}`, { limit: maxAttributes });
      if (!(await attributes.insert(attribute, tx)))
        throw fail("already-exists", undefined, takenFields("code"));
      tx.publish("catalog.changed", {
        entity: "attribute",
        id: attribute.id,
        change: "created",
        before: null,
        after: attributeSnapshot(attribute),
      });
    });
    return new AttributePresenter(locales, undefined).attribute(attribute);
  },
);
