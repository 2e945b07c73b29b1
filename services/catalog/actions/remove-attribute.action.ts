import { action } from "../catalog.dependencies.ts";
import { attributeSnapshot } from "../attributes/present-attributes.ts";

export const removeAttribute = action(
  "catalog.attributes.remove",
  async ({ params, transaction, fail }, { attributes, types }) => {
    await transaction(async (tx) => {
      const attribute = await attributes.lock(params.id, tx);
      if (!attribute) throw fail("not-found");
      const { code } = attribute;
      if ((await types.all(tx)).some((type) => type.attributes.some((use) => use.code === code)))
        throw fail("in-use", "A type has the attribute");
      if (await attributes.anyProductHas(code, tx)) throw fail("in-use", "A product has the attribute");
      await attributes.remove(attribute.id, tx);
      tx.publish("catalog.changed", {
        entity: "attribute",
        id: attribute.id,
        change: "removed",
        before: attributeSnapshot(attribute),
        after: null,
      });
    });
    return null;
  },
);
