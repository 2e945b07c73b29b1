import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import { action } from "../orders.dependencies.ts";
import { presentApproval } from "../present.ts";

/** Idempotent: approving an approved request is a no-op. */
export const approve = action("orders.approvals.approve", async (context, { approvals, pricing }) => {
  const { params, caller, now, transaction, fail } = context;
  const approvedBy = actorText(actorOf(caller));
  return transaction(async (tx) => {
    const asked = await approvals.byId(params.id, tx);
    if (!asked) throw fail("not-found");
    if (asked.actor === approvedBy) throw fail("forbidden", "Requester and approver must differ");
    if (!(await approvals.approve(asked.id, approvedBy, now, tx)))
      return presentApproval(asked, pricing.currency);
    const approval = presentApproval(
      { ...asked, status: "approved", approvedBy, approvedAt: now },
      pricing.currency,
    );
    tx.publish("orders.approval-given", { approval });
    return approval;
  });
});
