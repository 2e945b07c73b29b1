import type { Tx } from "../../../mixins/database/database.ts";
import type { Caller } from "../../../mixins/contract/caller.ts";
import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import type { ActionName } from "../../../mixins/contract/calls.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import type { RequestKey } from "../data/approval-repository.ts";
import { fingerprintOf } from "../../../mixins/contract/fingerprint.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { action } from "../orders.dependencies.ts";
import { presentApproval } from "../present.ts";

/** Retention of requests that were not approved or not sent again. */
export const approvalsKeptMs = 7 * 24 * 3_600_000;

/** Rolls back the transaction; the approval request is then stored in another one. */
class ApprovalRequired extends Error {
  override name = "ApprovalRequired";
  readonly amount: number | null;

  constructor(amount: number | null) {
    super("A second person must approve this");
    this.amount = amount;
  }
}

interface MoneyContext {
  readonly caller: Caller;
  readonly params: object;
  readonly now: number;
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
}

/**
 * An action that moves the shop's money: without the required approval it fails and stores an approval
 * request.
 */
export const moneyAction: typeof action = (name, handle) =>
  action(name, async (context, dependencies) =>
    handle(context, dependencies).catch((error: unknown) => {
      if (error instanceof ApprovalRequired)
        return requestApproval(name, error.amount, context, dependencies);
      throw error;
    }),
  );

/**
 * Checks the day's limit of the caller (`STAFF_MONEY_PER_DAY`) and the approval of large amounts. Operators
 * and the system are exempt.
 *
 * @param amount minor units
 * @throws ShopError `limit-reached` with the day's limit; `approval-required`
 */
export async function limitMoney(
  name: ActionName,
  amount: number,
  context: MoneyContext,
  tx: Tx,
  dependencies: OrdersDependencies,
): Promise<void> {
  const { caller, now } = context;
  if (amount === 0) return;
  await assertApproved(name, amount, context, tx, dependencies);
  const limit = limitOf(caller, dependencies.money.perDay);
  if (
    limit === null ||
    (await dependencies.moneyDays.count(actorText(actorOf(caller)), amount, limit, now, tx))
  )
    return;
  throw new ShopError("limit-reached", "This exceeds your limit for today", { limit });
}

/**
 * Requires a second person's approval from `FOUR_EYES_FROM_MINOR` on, and consumes it.
 *
 * @param amount minor units; null when unlimited
 * @throws ShopError `approval-required`
 */
export async function assertApproved(
  name: ActionName,
  amount: number | null,
  context: MoneyContext,
  tx: Tx,
  { approvals, money: { fourEyesFrom } }: OrdersDependencies,
): Promise<void> {
  const { caller, now } = context;
  if (caller.kind !== "user" && caller.kind !== "key") return;
  if (fourEyesFrom === undefined || (amount !== null && amount < fourEyesFrom)) return;
  if (!(await approvals.use(requestKey(name, context), now - approvalsKeptMs, now, tx)))
    throw new ApprovalRequired(amount);
}

/** The caller's limit per day in minor units; null: unlimited. */
function limitOf(caller: Caller, perDay: OrdersDependencies["money"]["perDay"]): number | null {
  if (caller.kind !== "user" && caller.kind !== "key") return null;
  const limit = perDay.get(caller.kind === "key" ? "key" : caller.role);
  return limit === undefined ? (perDay.get("*") ?? null) : limit;
}

async function requestApproval(
  name: ActionName,
  amount: number | null,
  context: MoneyContext,
  { approvals, pricing }: OrdersDependencies,
): Promise<never> {
  const { params, now, transaction } = context;
  const key = requestKey(name, context);
  const { idempotencyKey: _key, ...request } = params as Record<string, unknown>;
  const wanted = {
    ...key,
    id: newId(),
    request,
    amount,
    status: "pending",
    approvedBy: null,
    requestedAt: now,
    approvedAt: null,
  } as const;
  const approvalId = await transaction(async (tx) => {
    if (!(await approvals.insert(wanted, tx))) return (await approvals.open(key, tx))?.id;
    tx.publish("orders.approval-requested", { approval: presentApproval(wanted, pricing.currency) });
    return wanted.id;
  });
  throw new ShopError("approval-required", undefined, { approvalId });
}

function requestKey(name: ActionName, { caller, params }: MoneyContext): RequestKey {
  return { action: name, actor: actorText(actorOf(caller)), fingerprint: fingerprintOf({ ...params }) };
}
