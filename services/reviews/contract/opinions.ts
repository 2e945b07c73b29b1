import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { text } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { maxDepth, reply, replyBody } from "./fields.ts";

const signedIn = { access: "signed-in" } as const;
const vote = z.strictObject({
  upVotes: z.int(),
  downVotes: z.int(),
  yours: z.enum(["up", "down"]).nullable(),
});

export const reportReasons = ["spam", "offensive", "false", "personal-data", "other"] as const;

const newReply = {
  id: id.describe("The review"),
  parentId: id.optional().describe("The reply below the review that it answers"),
  text: replyBody,
};
const newReport = {
  reason: z.enum(reportReasons),
  note: text(500).optional().describe("For staff"),
};
const report = { result: z.null(), errors: ["not-found", "own-content"], idempotent: true } as const;

/** What users say about reviews of others. */
export const opinionActions = {
  "votes.put": action({
    summary: "Vote for or against a review",
    description: "One vote per user, which can be changed; not on your own review.",
    ...signedIn,
    route: { method: "PUT", path: "/reviews/{id}/vote" },
    params: z.strictObject({ id, vote: z.enum(["up", "down"]) }),
    result: vote,
    errors: ["not-found", "own-content"],
    idempotent: true,
  }),
  "votes.remove": action({
    summary: "Take back your vote on a review",
    ...signedIn,
    route: { method: "DELETE", path: "/reviews/{id}/vote", status: 200 },
    params: z.strictObject({ id }),
    result: vote,
    errors: ["not-found"],
    idempotent: true,
  }),
  "replies.create": action({
    summary: "Reply below a review",
    description: `To the review, or to a reply below it, at most ${maxDepth} deep.`,
    ...signedIn,
    route: { method: "POST", path: "/reviews/{id}/replies", status: 201 },
    params: z.strictObject(newReply),
    result: reply,
    errors: ["not-found", "limit-reached"],
    idempotent: false,
  }),
  "replies.answer": action({
    summary: "Reply below a review as the merchant or the shop",
    description:
      "Members of the product's merchant answer as the `merchant`, staff as the `shop`. It is marked so and shown at once, without a personal name.",
    access: { merchantOr: "reviews:write" },
    route: { method: "POST", path: "/reviews/{id}/merchant-replies", status: 201 },
    params: z.strictObject(newReply),
    result: reply,
    errors: ["not-found", "limit-reached"],
    idempotent: false,
  }),
  "replies.remove": action({
    summary: "Remove your reply",
    ...signedIn,
    route: { method: "DELETE", path: "/me/review-replies/{id}" },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
  }),
  "reports.create": action({
    summary: "Report a review to the staff",
    description: "Once per user: a second report changes nothing.",
    ...signedIn,
    route: { method: "POST", path: "/reviews/{id}/reports" },
    params: z.strictObject({ id, ...newReport }),
    ...report,
  }),
  "reports.create-of-reply": action({
    summary: "Report a reply to the staff",
    description: "Once per user: a second report changes nothing.",
    ...signedIn,
    route: { method: "POST", path: "/review-replies/{id}/reports" },
    params: z.strictObject({ id, ...newReport }),
    ...report,
  }),
};
