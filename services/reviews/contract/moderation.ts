import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { expectedVersion, text, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { decision, moderatedReply, moderatedReview, moderationState } from "./fields.ts";
import { reportReasons } from "./opinions.ts";

/** Merchants do not moderate what is said about them. */
const access = { permission: "reviews:write" } as const;

const queue = {
  ...pageParams(["createdAt"], "createdAt"),
  state: moderationState.default("pending"),
};
const decided = { decision, reason: text(200).optional().describe("The author sees it") };

const report = z
  .strictObject({
    id,
    reason: z.enum(reportReasons),
    note: z.string().nullable(),
    customerId: id.describe("Who reported it"),
    createdAt: timestamp,
  })
  .meta({ id: "ReviewReport" });

/** What staff do. */
export const moderationActions = {
  "moderation.list": action({
    summary: "Reviews to moderate",
    access,
    route: { method: "GET", path: "/reviews" },
    params: z.strictObject(queue),
    result: page(moderatedReview),
    errors: [],
    idempotent: true,
  }),
  "moderation.decide": action({
    summary: "Approve or reject a review",
    description: "Approving one that was reported settles its reports.",
    access,
    route: { method: "POST", path: "/reviews/{id}/decisions", headers: { expectedVersion: "If-Match" } },
    params: z.strictObject({ id, ...decided, expectedVersion }),
    result: moderatedReview,
    errors: ["not-found", "precondition-failed"],
    idempotent: true,
  }),
  "moderation.replies": action({
    summary: "Replies to moderate",
    access,
    route: { method: "GET", path: "/review-replies" },
    params: z.strictObject(queue),
    result: page(moderatedReply),
    errors: [],
    idempotent: true,
  }),
  "moderation.decide-reply": action({
    summary: "Approve or reject a reply",
    access,
    route: { method: "POST", path: "/review-replies/{id}/decisions" },
    params: z.strictObject({ id, ...decided }),
    result: moderatedReply,
    errors: ["not-found"],
    idempotent: true,
  }),
  "reports.list": action({
    summary: "What users reported about a review or reply",
    access,
    route: { method: "GET", path: "/review-reports" },
    params: z.strictObject({
      ...pageParams(["createdAt"], "createdAt"),
      subjectId: id.optional().describe("A review or reply"),
    }),
    result: page(z.strictObject({ ...report.shape, subject: z.enum(["review", "reply"]), subjectId: id })),
    errors: [],
    idempotent: true,
  }),
};
