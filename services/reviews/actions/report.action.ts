import { newId } from "../../../mixins/contract/ids.ts";
import type { Tx } from "../../../mixins/database/database.ts";
import type { Report } from "../data/report-repository.ts";
import { reportReply as reported } from "../domain/reply.ts";
import { report } from "../domain/review.ts";
import { reviewPayload } from "../present.ts";
import type { ReviewsDependencies } from "../reviews.dependencies.ts";
import { action } from "../reviews.dependencies.ts";
import { saveReply } from "../save-reply.ts";
import { saveReview } from "../save-review.ts";

interface Reported {
  readonly params: {
    readonly id: string;
    readonly reason: Report["reason"];
    readonly note?: string | undefined;
  };
  readonly caller: { readonly userId: string };
  readonly now: number;
}

export const reportReview = action("reviews.reports.create", async (context, dependencies) => {
  const { params, caller, transaction, fail } = context;
  const { reviews, rules } = dependencies;
  await transaction(async (tx) => {
    const known = await reviews.lockPublished(params.id, tx);
    if (!known) throw fail("not-found");
    if (known.authorId === caller.userId) throw fail("own-content");
    if (!(await insertReport("review", context, tx, dependencies))) return;
    const after = report(known, rules);
    await saveReview(known, after, tx, dependencies);
    const { reports, state } = after;
    tx.publish("reviews.reported", { ...reviewPayload(after), reports, hidden: state === "hidden" });
  });
  return null;
});

export const reportReply = action("reviews.reports.create-of-reply", async (context, dependencies) => {
  const { params, caller, transaction, fail } = context;
  const { replies, rules } = dependencies;
  await transaction(async (tx) => {
    const known = await replies.lock(params.id, tx);
    if (known?.state !== "published") throw fail("not-found");
    if (known.authorId === caller.userId) throw fail("own-content");
    if (!(await insertReport("reply", context, tx, dependencies))) return;
    const after = reported(known, rules);
    await saveReply(known, after, tx, dependencies);
    const { reports, state, id: replyId, reviewId } = after;
    tx.publish("reviews.reply-reported", { replyId, reviewId, reports, hidden: state === "hidden" });
  });
  return null;
});

/** @returns false for a second report of the user */
function insertReport(
  subject: Report["subject"],
  { params: { id: subjectId, reason, note }, caller, now }: Reported,
  tx: Tx,
  { reports }: ReviewsDependencies,
): Promise<boolean> {
  const { userId } = caller;
  return reports.insert(
    { id: newId(), subject, subjectId, userId, reason, note: note ?? null, createdAt: now },
    tx,
  );
}
