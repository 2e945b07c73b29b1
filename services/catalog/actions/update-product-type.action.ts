import { difference } from "../../../mixins/contract/changes.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";
import { action } from "../catalog.dependencies.ts";
import { assertAttributesExist } from "../attributes/define-attribute.ts";
import { takenFields } from "../present.ts";
import { AttributePresenter, typeSnapshot } from "../attributes/present-attributes.ts";

export const updateProductType = action(
  "catalog.types.update",
  async ({ params, now, transaction, fail }, { types, attributes, locales }) => {
    const present = new AttributePresenter(locales, undefined);
    return transaction(async (tx) => {
      const type = await types.lock(params.id, tx);
      if (!type) throw fail("not-found");
      assertVersion(type, params);

      const wanted = {
        ...type,
        slug: params.slug ?? type.slug,
        name: params.name ?? type.name,
        texts: locales.withChanges(type.texts, params.texts),
        attributes: params.attributes ?? type.attributes,
        position: params.position ?? type.position,
      };
      const differing = difference(typeSnapshot(type), typeSnapshot(wanted));
      if (!differing) return present.type(type);
      if (params.attributes) await assertAttributesExist(params.attributes, attributes, tx);

      const changed = { ...wanted, version: type.version + 1, updatedAt: now };
      if (!(await types.update(changed, tx))) throw fail("already-exists", undefined, takenFields("slug"));
      tx.publish("catalog.changed", {
        entity: "product-type",
        id: type.id,
        change: "updated",
        ...differing,
      });
      return present.type(changed);
    });
  },
);
