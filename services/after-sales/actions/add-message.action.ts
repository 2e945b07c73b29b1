import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { sideOf, visibleTo } from "../access.ts";
import { action } from "../after-sales.dependencies.ts";
import { eventBase, presentMessage } from "../present.ts";

const maxMessages = 200;

export const addMessage = action("after-sales.messages.add", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { afterSales, messages, imagePresenter } = dependencies;
  return transaction(async (tx) => {
    // Its lock makes the count exact.
    const found = await afterSales.lock(params.id, visibleTo(caller), tx);
    if (!found) throw fail("not-found");
    if ((await messages.count(found.id, tx)) >= maxMessages)
      throw fail("limit-reached", undefined, { limit: maxMessages });
    const author = sideOf(caller, found);
    const message = {
      id: newId(),
      afterSaleId: found.id,
      author,
      authorId: actorText(actorOf(caller)),
      text: params.text,
      images: [],
      createdAt: now,
    };
    await messages.insert(message, tx);
    tx.publish("after-sales.message-added", { ...eventBase(found), messageId: message.id, author });
    return presentMessage(message, imagePresenter);
  });
});
