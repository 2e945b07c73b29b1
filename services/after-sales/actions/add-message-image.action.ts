import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import { addImage } from "../../../mixins/media/image-handlers.ts";
import { visibleTo } from "../access.ts";
import { action } from "../after-sales.dependencies.ts";
import { messageKind } from "../pictured-kinds.ts";

export const addMessageImage = action("after-sales.messages.images.add", async (context, dependencies) => {
  const { params, caller, fail } = context;
  const found = await dependencies.afterSales.byId(params.id, visibleTo(caller));
  const message = found && (await dependencies.messages.byId(params.messageId));
  const isOwn = message?.authorId === actorText(actorOf(caller));
  if (!message || message.afterSaleId !== found?.id || !isOwn) throw fail("not-found");
  return addImage({ kind: messageKind, id: message.id }, context, dependencies);
});
