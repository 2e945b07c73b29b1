import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { difference } from "../../../mixins/contract/changes.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";
import type { MethodTerms } from "../contract/methods.ts";
import type { Method } from "../domain/method.ts";
import { assertSound } from "../domain/method.ts";
import { methodSnapshot, presentMethod } from "../present.ts";
import { action } from "../shipping.dependencies.ts";

export const updateMethod = action("shipping.methods.update", async (context, { methods, locales }) => {
  const { params, caller, now, transaction, fail } = context;
  const { id, expectedVersion: _version, name, description, texts, enabled, position, ...terms } = params;
  return transaction(async (tx) => {
    const method = await methods.byId(id, merchantFilter(caller, "shipping:manage"), tx);
    if (!method) throw fail("not-found");
    assertVersion(method, params);
    const given = Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined));
    const wanted: Method = {
      ...method,
      name: name ?? method.name,
      description: description ?? method.description,
      texts: locales.withChanges(method.texts, texts),
      enabled: enabled ?? method.enabled,
      position: position ?? method.position,
      terms: { ...method.terms, ...(given as Partial<MethodTerms>) },
    };
    const differing = difference(methodSnapshot(method), methodSnapshot(wanted));
    if (!differing) return presentMethod(method);
    assertSound(wanted);
    const changed = { ...wanted, version: method.version + 1, updatedAt: now };
    if (!(await methods.update(changed, tx))) throw fail("precondition-failed");
    const { merchantId } = method;
    tx.publish("shipping.changed", {
      entity: "shipping-method",
      id,
      merchantId,
      change: "updated",
      ...differing,
    });
    return presentMethod(changed);
  });
});
