import type { PicturedKind } from "../../mixins/media/image-parts.ts";
import type { AfterSaleRepository } from "./data/after-sale-repository.ts";
import type { MessageRepository } from "./data/message-repository.ts";
import { eventBase } from "./present.ts";

export const requestKind = "after-sale";
export const messageKind = "message";
const max = 9;

/** Buyers add pictures to their requests, both sides to their messages. */
export function picturedKinds({
  afterSales,
  messages,
}: {
  readonly afterSales: AfterSaleRepository;
  readonly messages: MessageRepository;
}): PicturedKind[] {
  return [
    {
      kind: requestKind,
      max,
      lock: async (id, tx) => (await afterSales.lock(id, "all", tx)) !== undefined,
      save: async ({ ownerId, after }, tx) => {
        await afterSales.setImages(ownerId, after, tx);
        const pictured = await afterSales.byId(ownerId, "all", tx);
        if (pictured)
          tx.publish("after-sales.message-added", {
            ...eventBase(pictured),
            messageId: null,
            author: "buyer",
          });
      },
    },
    {
      kind: messageKind,
      max,
      lock: async (id, tx) => (await messages.lock(id, tx)) !== undefined,
      save: async ({ ownerId, after }, tx) => {
        await messages.setImages(ownerId, after, tx);
        const message = await messages.byId(ownerId, tx);
        const pictured = message && (await afterSales.byId(message.afterSaleId, "all", tx));
        if (pictured)
          tx.publish("after-sales.message-added", {
            ...eventBase(pictured),
            messageId: ownerId,
            author: message.author,
          });
      },
    },
  ];
}
