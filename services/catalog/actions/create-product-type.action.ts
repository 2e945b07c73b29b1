import { newId } from "../../../mixins/contract/ids.ts";
import { action } from "../catalog.dependencies.ts";
import { assertAttributesExist } from "../attributes/define-attribute.ts";
import { maxTypes } from "../domain/attribute.ts";
import { takenFields } from "../present.ts";
import { AttributePresenter, typeSnapshot } from "../attributes/present-attributes.ts";

export const createProductType = action(
  "catalog.types.create",
  async ({ params, now, transaction, fail }, { types, attributes, locales }) => {
    const texts = locales.withChanges({}, params.texts);
    const type = { ...params, id: newId(), texts, version: 1, createdAt: now, updatedAt: now };
    await transaction(async (tx) => {
      if (await types.isFull(tx))
        throw fail("limit-reached", `There can be at most ${maxTypes}`, { limit: maxTypes });
      await assertAttributesExist(type.attributes, attributes, tx);
      if (!(await types.insert(type, tx))) throw fail("already-exists", undefined, takenFields("slug"));
      tx.publish("catalog.changed", {
        entity: "product-type",
        id: type.id,
        change: "created",
        before: null,
        after: typeSnapshot(type),
      });
    });
    return new AttributePresenter(locales, undefined).type(type);
  },
);
