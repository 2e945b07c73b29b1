import { difference } from "../../../mixins/contract/changes.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";
import { action } from "../catalog.dependencies.ts";
import { assertDefinition, choicesOf } from "../attributes/define-attribute.ts";
import { AttributePresenter, attributeSnapshot } from "../attributes/present-attributes.ts";

export const updateAttribute = action(
  "catalog.attributes.update",
  async ({ params, now, transaction, fail }, { attributes, locales }) => {
    const present = new AttributePresenter(locales, undefined);
    return transaction(async (tx) => {
      const attribute = await attributes.lock(params.id, tx);
      if (!attribute) throw fail("not-found");
      assertVersion(attribute, params);

      const wanted = {
        ...attribute,
        name: params.name ?? attribute.name,
        texts: locales.withChanges(attribute.texts, params.texts),
        unit: params.unit === undefined ? attribute.unit : params.unit,
        choices: params.choices ? choicesOf(params.choices, locales) : attribute.choices,
        filterable: params.filterable ?? attribute.filterable,
      };
      const differing = difference(attributeSnapshot(attribute), attributeSnapshot(wanted));
      if (!differing) return present.attribute(attribute);
      assertDefinition(wanted);
      const kept = new Set(wanted.choices.map(({ code }) => code));
      const dropped = attribute.choices.map(({ code }) => code).filter((code) => !kept.has(code));
      if (await attributes.anyProductHas(attribute.code, tx, dropped))
        throw fail("in-use", "A product has a choice that would be removed");

      const changed = { ...wanted, version: attribute.version + 1, updatedAt: now };
      await attributes.update(changed, tx);
      tx.publish("catalog.changed", {
        entity: "attribute",
        id: attribute.id,
        change: "updated",
        ...differing,
      });
      return present.attribute(changed);
    });
  },
);
