import type { writers } from "../contract/fields.ts";
import type { ModerationMode, ModerationState } from "./moderation.ts";
import { stateAfter } from "./moderation.ts";

/** A reply below a review. Times are milliseconds since 1970 (UTC). */
export interface Reply {
  readonly id: string;
  readonly reviewId: string;
  /** The reply that it answers; null: the review. */
  readonly parentId: string | null;
  /** 1 below the review. */
  readonly depth: number;
  readonly by: (typeof writers)[number];
  /** Null for machines, and after the account was deleted. */
  readonly authorId: string | null;
  /** Null for the merchant and the shop. */
  readonly authorName: string | null;
  readonly text: string;
  readonly state: ModerationState;
  readonly reason: string | null;
  readonly reports: number;
  readonly createdAt: number;
}

/** Approving settles the reports. */
export function decideReply(
  reply: Reply,
  decision: "approve" | "reject",
  reason: string | null,
  mode: ModerationMode,
): Reply {
  const reports = decision === "approve" ? 0 : reply.reports;
  return { ...reply, state: stateAfter(reply.state, decision, mode), reason, reports };
}

/** One more user reported it. */
export function reportReply(
  reply: Reply,
  { moderation, hidingReports }: { readonly moderation: ModerationMode; readonly hidingReports: number },
): Reply {
  const reports = reply.reports + 1;
  const state = reports >= hidingReports ? stateAfter(reply.state, "hide", moderation) : reply.state;
  return { ...reply, reports, state };
}

/** Erases what it says. */
export function removeReply(reply: Reply, mode: ModerationMode): Reply {
  return { ...reply, state: stateAfter(reply.state, "remove", mode), text: "", authorName: null };
}
