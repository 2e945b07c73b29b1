import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { id } from "../../../mixins/contract/ids.ts";

/** Actions for services that write to customers. */
export const recipientActions = {
  "recipients.lookup": action({
    summary: "Look up where active accounts are written to; others are omitted",
    access: "internal",
    params: z.strictObject({ ids: z.array(id).min(1).max(100) }),
    result: z.array(
      z.strictObject({
        id,
        name: z.string(),
        email: z.string(),
        phone: z.string().nullable().describe("E.164, verified"),
        locale: z.string().nullable(),
      }),
    ),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
};
