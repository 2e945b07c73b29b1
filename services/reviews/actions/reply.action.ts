import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { authorNameOf } from "../author-name.ts";
import { initialState } from "../domain/moderation.ts";
import { presentReply } from "../present.ts";
import { action } from "../reviews.dependencies.ts";
import { addReply } from "../add-reply.ts";

export const createReply = action("reviews.replies.create", async (context, dependencies) => {
  const { params, caller, now, call, transaction } = context;
  const written = {
    by: "customer",
    authorId: caller.userId,
    authorName: await authorNameOf(call),
    state: initialState(dependencies.rules.moderation),
  } as const;
  return transaction(async (tx) =>
    presentReply(await addReply({ ...params, ...written, now }, tx, dependencies)),
  );
});

/** Staff answer for the shop, members of the merchant for it. */
export const answerReview = action("reviews.replies.answer", async (context, dependencies) => {
  const { params, caller, now, transaction } = context;
  const merchantIds = merchantFilter(caller, "reviews:write");
  const written = {
    by: merchantIds ? "merchant" : "shop",
    authorId: caller.kind === "user" ? caller.userId : null,
    authorName: null,
    state: "published",
    merchantIds,
  } as const;
  return transaction(async (tx) =>
    presentReply(await addReply({ ...params, ...written, now }, tx, dependencies)),
  );
});
