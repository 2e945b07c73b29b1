import { ShopError } from "../../mixins/contract/errors.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Tx } from "../../mixins/database/database.ts";
import { maxDepth } from "./contract/fields.ts";
import type { ListedReply } from "./data/reply-repository.ts";
import type { Reply } from "./domain/reply.ts";
import type { ReviewsDependencies } from "./reviews.dependencies.ts";

interface NewReply extends Pick<Reply, "by" | "authorId" | "authorName" | "text" | "state"> {
  /** The review. */
  readonly id: string;
  /** The reply that it answers. */
  readonly parentId?: string | undefined;
  /** Only below reviews of products of these merchants; undefined: of all. */
  readonly merchantIds?: readonly string[] | undefined;
  readonly now: number;
}

/**
 * Adds a reply below a published review, or a published reply there.
 *
 * @throws ShopError `not-found`, `limit-reached` beyond the depth
 */
export async function addReply(
  { id, parentId, merchantIds, now, by, authorId, authorName, text, state }: NewReply,
  tx: Tx,
  { reviews, replies }: Pick<ReviewsDependencies, "reviews" | "replies">,
): Promise<ListedReply> {
  const review = await reviews.lockPublished(id, tx);
  const isTheirs =
    review && (!merchantIds || (review.merchantId !== null && merchantIds.includes(review.merchantId)));
  if (!isTheirs) throw new ShopError("not-found");
  const parent = parentId === undefined ? undefined : await replies.published(parentId, id, tx);
  if (parentId !== undefined && !parent) throw new ShopError("not-found");
  const depth = (parent?.depth ?? 0) + 1;
  if (depth > maxDepth) throw new ShopError("limit-reached", "Reply further up", { limit: maxDepth });

  const reply: Reply = {
    id: newId(),
    reviewId: id,
    parentId: parent?.id ?? null,
    depth,
    by,
    authorId,
    authorName,
    text,
    state,
    reason: null,
    reports: 0,
    createdAt: now,
  };
  await replies.insert(reply, tx);
  if (state === "published") await reviews.addReplies(id, 1, tx);
  tx.publish("reviews.replied", { replyId: reply.id, reviewId: id, parentId: reply.parentId, by, state });
  const { authorId: reviewer, authorName: name, isAnonymous } = review;
  return {
    ...reply,
    review: { authorId: reviewer, isAnonymous },
    answers: parent ?? { by: "customer", authorId: reviewer, authorName: name },
  };
}
