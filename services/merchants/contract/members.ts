import { z } from "zod";
import { action, event } from "../../../mixins/contract/contract.ts";
import { email, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { owners } from "./access.ts";
import { memberRole, merchantStatus } from "./fields.ts";

const member = z
  .strictObject({
    userId: id,
    email: z.string().nullable().describe("The address that was invited, or of the applicant"),
    role: memberRole,
    version: z.int(),
    joinedAt: timestamp,
  })
  .meta({ id: "MerchantMember" });

const invitation = z
  .strictObject({
    id,
    merchantId: id,
    email: z.string(),
    role: memberRole,
    createdAt: timestamp,
    expiresAt: timestamp,
  })
  .meta({ id: "MerchantInvitation" });

const merchantReference = z.strictObject({
  id,
  slug: z.string(),
  name: z.string(),
  status: merchantStatus,
});

const membership = z
  .strictObject({ merchant: merchantReference, role: memberRole, joinedAt: timestamp })
  .meta({ id: "Membership" });

export const memberActions = {
  "members.list": action({
    summary: "A merchant's members",
    access: owners,
    route: { method: "GET", path: "/merchants/{id}/members" },
    params: z.strictObject({ id, ...pageParams(["joinedAt"], "joinedAt") }),
    result: page(member),
    errors: ["not-found"],
    idempotent: true,
  }),
  "members.invite": action({
    summary: "Invite someone to work for a merchant",
    description:
      "The response is the same whether the address has an account or not; only one with an account gets a mail. Whoever has verified the address accepts the invitation at `/me/merchant-invitations`, within a week. A new invitation of the same address replaces the one before.",
    access: owners,
    stepUp: true,
    route: { method: "POST", path: "/merchants/{id}/members", status: 202 },
    params: z.strictObject({ id, email, role: memberRole }),
    result: invitation,
    errors: ["not-found", "limit-reached"],
    idempotent: true,
  }),
  "members.update": action({
    summary: "Give a member another role",
    description: "You can grant and revoke only permissions that you have. At least one owner stays.",
    access: owners,
    stepUp: true,
    route: { method: "PATCH", path: "/merchants/{id}/members/{userId}" },
    params: z.strictObject({ id, userId: id, role: memberRole }),
    result: member,
    errors: ["not-found", "illegal-transition"],
    idempotent: true,
  }),
  "members.remove": action({
    summary: "End a membership",
    description: "At least one owner stays.",
    access: owners,
    route: { method: "DELETE", path: "/merchants/{id}/members/{userId}" },
    params: z.strictObject({ id, userId: id }),
    result: z.null(),
    errors: ["not-found", "illegal-transition"],
    idempotent: true,
  }),
  "invitations.list": action({
    summary: "Open invitations of a merchant",
    access: owners,
    route: { method: "GET", path: "/merchants/{id}/invitations" },
    params: z.strictObject({ id, ...pageParams(["createdAt"], "-createdAt") }),
    result: page(invitation),
    errors: ["not-found"],
    idempotent: true,
  }),
  "invitations.withdraw": action({
    summary: "Withdraw an invitation",
    access: owners,
    route: { method: "DELETE", path: "/merchants/{merchantId}/invitations/{id}" },
    params: z.strictObject({ merchantId: id, id }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
  }),
  "mine.list": action({
    summary: "Merchants that you work for",
    access: "signed-in",
    route: { method: "GET", path: "/me/merchants" },
    params: z.strictObject({}),
    result: z.strictObject({ items: z.array(membership) }),
    errors: [],
    idempotent: true,
  }),
  "mine.leave": action({
    summary: "Leave a merchant",
    description: "The last owner stays until there is another one.",
    access: "signed-in",
    route: { method: "DELETE", path: "/me/merchants/{id}" },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found", "illegal-transition"],
    idempotent: true,
  }),
  "my-invitations.list": action({
    summary: "Invitations to work for a merchant",
    description: "Those of your e-mail address, once you have verified it.",
    access: "signed-in",
    route: { method: "GET", path: "/me/merchant-invitations" },
    params: z.strictObject(pageParams(["createdAt"], "-createdAt")),
    result: page(
      z
        .strictObject({
          id,
          merchant: merchantReference,
          role: memberRole,
          createdAt: timestamp,
          expiresAt: timestamp,
        })
        .meta({ id: "ReceivedInvitation" }),
    ),
    errors: ["not-found"],
    idempotent: true,
  }),
  "my-invitations.accept": action({
    summary: "Accept an invitation",
    description: "You have the role's permissions within a second.",
    access: "signed-in",
    route: { method: "POST", path: "/me/merchant-invitations/{id}/acceptances", status: 200 },
    params: z.strictObject({ id }),
    result: membership,
    errors: ["not-found", "limit-reached"],
    idempotent: false,
  }),
  "my-invitations.decline": action({
    summary: "Decline an invitation",
    access: "signed-in",
    route: { method: "DELETE", path: "/me/merchant-invitations/{id}" },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
  }),
};

export const memberEvents = {
  "member-changed": event({
    summary: "A user joined a merchant, left it, or has another role there",
    about: { entity: "merchant", id: "merchantId" },
    payload: z.strictObject({
      merchantId: id,
      userId: id,
      role: memberRole.nullable().describe("null when the user left"),
      version: z.int().describe("Of the membership; consumers keep the state with the highest"),
    }),
  }),
  "member-invited": event({
    summary: "Someone was invited to work for a merchant",
    about: { entity: "merchant", id: "merchantId" },
    payload: z.strictObject({ merchantId: id, invitationId: id, email: z.string(), role: memberRole }),
    confidential: ["email"],
  }),
  "invitation-withdrawn": event({
    summary: "An invitation to work for a merchant was taken back",
    about: { entity: "merchant", id: "merchantId" },
    payload: z.strictObject({ merchantId: id, invitationId: id }),
  }),
};
