import { action } from "../catalog.dependencies.ts";
import { typeSnapshot } from "../attributes/present-attributes.ts";

export const removeProductType = action(
  "catalog.types.remove",
  async ({ params, transaction, fail }, { types }) => {
    await transaction(async (tx) => {
      const type = await types.lock(params.id, tx);
      if (!type) throw fail("not-found");
      if (await types.anyProductHas(type.id, tx)) throw fail("in-use", "A product has the type");
      await types.remove(type.id, tx);
      tx.publish("catalog.changed", {
        entity: "product-type",
        id: type.id,
        change: "removed",
        before: typeSnapshot(type),
        after: null,
      });
    });
    return null;
  },
);
