import { action } from "../orders.dependencies.ts";
import { presentApproval } from "../present.ts";

export const listApprovals = action("orders.approvals.list", async ({ params }, { approvals, pricing }) => {
  const { status, ...request } = params;
  const page = await approvals.list({ status }, request);
  return { ...page, items: page.items.map((approval) => presentApproval(approval, pricing.currency)) };
});
