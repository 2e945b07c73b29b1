import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";
import { methodSnapshot } from "../present.ts";
import { action } from "../shipping.dependencies.ts";

export const removeMethod = action("shipping.methods.remove", async (context, { methods }) => {
  const { params, caller, transaction, fail } = context;
  await transaction(async (tx) => {
    const method = await methods.byId(params.id, merchantFilter(caller, "shipping:manage"), tx);
    if (!method) throw fail("not-found");
    assertVersion(method, params);
    if (!(await methods.remove(method, tx))) throw fail("precondition-failed");
    const { id, merchantId } = method;
    const before = methodSnapshot(method);
    tx.publish("shipping.changed", {
      entity: "shipping-method",
      id,
      merchantId,
      change: "removed",
      before,
      after: null,
    });
  });
  return null;
});
