import { z } from "zod";
import { timestamp } from "./fields.ts";
import { id } from "./ids.ts";

/** Rejected requests that indicate an attack (OWASP ASVS 5, 16.3). */
export const securityEvents = {
  "forged-credentials": "An access token or API key that this shop did not issue, or not for this purpose",
  "wrong-secret": "A wrong password, code or refresh token",
  guessing: "Another password or code after too many wrong ones",
  forbidden: "An operation that the caller's role or key does not permit",
  "unknown-id": "An id that does not exist, or belongs to someone else",
  "forged-signature": "A payment provider's message whose signature is wrong",
} as const;

export type SecurityEventKind = keyof typeof securityEvents;
export const securityEventKinds = Object.keys(securityEvents) as [SecurityEventKind, ...SecurityEventKind[]];

/** Number of events of one kind that a gateway saw in a period, and the first of them. */
export const securityReport = z.strictObject({
  kind: z.enum(securityEventKinds),
  count: z.int().min(1),
  from: timestamp,
  until: timestamp,
  nodeId: z.string().max(200),
  sample: z.strictObject({
    requestId: z.string().max(64),
    route: z.string().max(200).describe("As contracts have it"),
    address: z.string().max(64).nullable(),
    userId: id.nullable(),
  }),
});

export type SecurityReport = z.output<typeof securityReport>;
export type SecuritySample = SecurityReport["sample"];
