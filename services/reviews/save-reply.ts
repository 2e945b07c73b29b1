import type { Tx } from "../../mixins/database/database.ts";
import type { Reply } from "./domain/reply.ts";
import type { ReviewsDependencies } from "./reviews.dependencies.ts";

/** Saves a changed reply that is locked, and counts it at its review. */
export async function saveReply(
  before: Reply,
  after: Reply,
  tx: Tx,
  { reviews, replies }: Pick<ReviewsDependencies, "reviews" | "replies">,
): Promise<void> {
  await replies.save(after, tx);
  const difference = Number(after.state === "published") - Number(before.state === "published");
  if (difference !== 0) await reviews.addReplies(after.reviewId, difference, tx);
}
