import { z } from "zod";
import { action, event } from "../../../mixins/contract/contract.ts";
import {
  expectedVersion,
  idOrSlug,
  longText,
  slug,
  text,
  timestamp,
} from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { locale, localizedTexts, textsByLocale } from "../../../mixins/contract/localized.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { task, taskActions, taskCancelled, taskQueued } from "../../../mixins/contract/tasks.ts";
import {
  image,
  imageDetails,
  newImage,
  uploadErrors,
  uploadRoute,
  uploadTimeoutMs,
} from "../../../mixins/media/contract.ts";
import { cache, headers, owners, staff } from "./access.ts";
import { contact, legal, merchantStatus, rating, shownContact, shownTexts, texts } from "./fields.ts";

/** A merchant, as everybody sees it. */
const merchant = z
  .strictObject({
    id,
    slug: z.string(),
    ...shownTexts,
    status: merchantStatus,
    logo: image.nullable(),
    products: z.int().describe("Number of its published products"),
    followers: z.int().describe("Number of customers who follow it"),
    rating,
    createdAt: timestamp,
  })
  .meta({ id: "Merchant" });

/** A merchant, as its owners and the mall's staff see it. */
const profile = z
  .strictObject({
    id,
    slug: z.string(),
    ...shownTexts,
    texts: textsByLocale(shownTexts),
    status: merchantStatus,
    reason: z.string().nullable().describe("Why it was rejected, suspended or closed"),
    contact: shownContact,
    legal,
    logo: image.nullable(),
    products: z.int(),
    followers: z.int(),
    rating,
    applicantId: id.nullable().describe("The user who applied; null after the account was deleted"),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "MerchantProfile" });

const one = z.strictObject({ id });
const withReason = z.strictObject({ id, reason: text(500).describe("For the merchant's owners") });

/** A step of a merchant's life, taken by staff. */
function step<P extends z.core.$ZodType>(summary: string, path: string, params: P, rules: { stepUp?: true }) {
  return action({
    summary,
    access: staff,
    ...rules,
    route: { method: "POST", path: `/merchants/{id}/${path}`, status: 200 },
    params,
    result: profile,
    errors: ["not-found", "illegal-transition"],
    idempotent: false,
  });
}

export const merchantActions = {
  list: action({
    summary: "Merchants of the mall",
    description: "Those that are active. Staff see others by `status`.",
    access: "anyone",
    route: { method: "GET", path: "/merchants", caching: "public" },
    params: z.strictObject({
      ...pageParams(["name", "createdAt"], "name"),
      name: text(120).optional().describe("The beginning of the name, in the default language"),
      status: merchantStatus.optional().describe("For staff; default: active"),
      locale,
    }),
    result: page(merchant),
    errors: [],
    idempotent: true,
    reads: "replica",
    cache,
    localized: true,
  }),
  get: action({
    summary: "A merchant's page",
    description: "Staff and members also see a merchant that is not active.",
    access: "anyone",
    route: { method: "GET", path: "/merchants/{idOrSlug}", caching: "public" },
    params: z.strictObject({ idOrSlug, locale }),
    result: merchant,
    errors: ["not-found", "moved"],
    idempotent: true,
    reads: "replica",
    cache,
    localized: true,
  }),
  apply: action({
    summary: "Apply as a merchant",
    description:
      "You become its owner at once and can prepare its products; they are on sale after staff have approved the merchant.",
    access: "signed-in",
    route: { method: "POST", path: "/merchants", status: 201, location: "/merchants/{id}/profile" },
    params: z.strictObject({
      slug,
      name: texts.name,
      description: texts.description.default(""),
      texts: localizedTexts(texts).optional(),
      contact,
      legal,
    }),
    result: profile,
    errors: ["already-exists", "limit-reached", "not-found"],
    idempotent: false,
  }),
  profile: action({
    summary: "A merchant's profile, with what is not public",
    access: owners,
    route: { method: "GET", path: "/merchants/{id}/profile" },
    params: z.strictObject({ id }),
    result: profile,
    errors: ["not-found"],
    idempotent: true,
  }),
  update: action({
    summary: "Change a merchant's profile",
    access: owners,
    route: { method: "PATCH", path: "/merchants/{id}", headers },
    params: z.strictObject({
      id,
      slug: slug.optional(),
      name: texts.name.optional(),
      description: texts.description.optional(),
      texts: localizedTexts(texts).optional(),
      contact: contact.optional(),
      legal: legal.optional(),
      expectedVersion,
    }),
    result: profile,
    errors: ["not-found", "already-exists", "precondition-failed"],
    idempotent: true,
  }),
  approve: step("Approve an application", "approvals", one, { stepUp: true }),
  reject: step("Reject an application, for good", "rejections", withReason, { stepUp: true }),
  suspend: step(
    "Suspend a merchant: its products are off sale within a second",
    "suspensions",
    withReason,
    {},
  ),
  resume: step("Resume a suspended merchant", "resumptions", one, { stepUp: true }),
  close: step("Close a merchant, for good", "closures", withReason, { stepUp: true }),
  "logo.set": action({
    summary: "Set a merchant's logo",
    description:
      "Send the file as the body: JPEG, PNG, WebP, AVIF or GIF, recognized by its content. A task makes the renditions; then it replaces the logo before.",
    access: owners,
    route: uploadRoute({ method: "PUT", path: "/merchants/{id}/logo" }, "/merchant-tasks"),
    params: z.strictObject({ id, ...newImage }),
    result: z.strictObject({ image: imageDetails, task }),
    errors: uploadErrors,
    idempotent: true,
    timeout: uploadTimeoutMs,
  }),
  "logo.remove": action({
    summary: "Remove a merchant's logo",
    access: owners,
    route: { method: "DELETE", path: "/merchants/{id}/logo" },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
  }),
  ...taskActions("/merchant-tasks", "merchants:write"),
};

/** A merchant as other services copy it. */
const merchantState = z.strictObject({
  slug: z.string(),
  name: z.string(),
  status: merchantStatus,
});

/** Changed fields only, before and after. */
const snapshot = z.record(z.string(), z.unknown());

export const merchantEvents = {
  changed: event({
    summary: "A merchant applied, or its name, address or status changed",
    about: { entity: "merchant", id: "merchantId" },
    payload: z.strictObject({
      merchantId: id,
      version: z.int().describe("Consumers keep the state with the highest"),
      before: merchantState.nullable().describe("null for an application"),
      after: merchantState,
      reason: longText(500).optional().describe("Why staff rejected, suspended or closed it"),
    }),
  }),
  "profile-changed": event({
    summary: "Other fields of a merchant's profile, or its logo, changed",
    about: { entity: "merchant", id: "merchantId" },
    payload: z.strictObject({ merchantId: id, before: snapshot, after: snapshot }),
    internal: true,
  }),
  "task-queued": taskQueued,
  "task-cancelled": taskCancelled,
};
