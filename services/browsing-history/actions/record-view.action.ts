import { presentViews } from "../present.ts";
import { action } from "../browsing-history.dependencies.ts";

export const recordView = action("browsing-history.create", async (context, { history }) => {
  const { params, caller, now, call, transaction, fail } = context;
  const { productId } = params;
  const { userId } = caller;
  const onSale = await call("catalog.products.lookup", { ids: [productId] });
  if (onSale.length === 0) throw fail("not-found");
  if (!(await history.isRecording(userId)))
    throw fail("illegal-transition", "The recording of your history is switched off");
  await transaction((tx) => history.record([{ userId, productId, at: now }], tx));
  const view = await history.ofProduct(userId, productId);
  const [shown] = await presentViews(view ? [view] : [], params.locale, call);
  if (!shown) throw fail("not-found");
  return shown;
});
