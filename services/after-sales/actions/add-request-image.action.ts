import { addImage } from "../../../mixins/media/image-handlers.ts";
import { action } from "../after-sales.dependencies.ts";
import { illegalTransition, isOpen } from "../domain/transitions.ts";
import { requestKind } from "../pictured-kinds.ts";

export const addRequestImage = action("after-sales.images.add", async (context, dependencies) => {
  const { params, caller, fail } = context;
  const found = await dependencies.afterSales.byId(params.id, { customerId: caller.userId });
  if (!found) throw fail("not-found");
  if (!isOpen(found.status)) throw illegalTransition(found.status, "It has ended");
  return addImage({ kind: requestKind, id: found.id }, context, dependencies);
});
