import type { Result } from "../../../mixins/contract/calls.ts";
import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { action } from "../after-sales.dependencies.ts";
import { fingerprintOf } from "../../../mixins/contract/fingerprint.ts";
import { openAfterSale } from "../domain/request.ts";
import { eventBase, eventLines, presentAfterSale } from "../present.ts";
import { tellOrders } from "../steps/tell-orders.ts";

type Answer = Result<"after-sales.requests.create">;

/** Under one key a request takes effect once. Its claims on the order's goods commit with it. */
export const createRequest = action("after-sales.requests.create", async (context, dependencies) => {
  const { params, caller, now, call, transaction, fail, markReplayed } = context;
  const { afterSales, claims, steps, terms, imagePresenter, log } = dependencies;
  const { orderId, idempotencyKey, kind, lines, reason, text = null, amount = null } = params;
  const customerId = caller.userId;
  const fingerprint = fingerprintOf(params);

  const repeated = (known: { fingerprint: string; response: string | null }): Answer => {
    if (known.fingerprint !== fingerprint) throw fail("idempotency-mismatch");
    // It was erased with the account.
    if (known.response === null) throw fail("not-found");
    markReplayed();
    return JSON.parse(known.response) as Answer;
  };
  const known = await afterSales.ofKey(customerId, idempotencyKey);
  if (known) return repeated(known);

  const order = await call("orders.after-sales.goods", { orderId, customerId, lines });
  const opened = openAfterSale(newId(), customerId, { kind, lines, reason, text, amount }, order, now, terms);
  const answer = presentAfterSale(opened, imagePresenter);
  const claimed = opened.lines.map(({ lineId, quantity }, index) => {
    const { bought = 0, returned = 0 } = order.lines[index] ?? {};
    return { lineId, quantity, bought, returned };
  });
  const created = await transaction(async (tx) => {
    const key = { idempotencyKey, fingerprint };
    if (!(await afterSales.insert(opened, key, JSON.stringify(answer), tx))) {
      const earlier = await afterSales.ofKey(customerId, idempotencyKey, tx);
      if (earlier) return repeated(earlier);
      throw new Error(`the request with the key of after-sale ${opened.id} is gone`);
    }
    const short = await claims.claim(orderId, claimed, tx);
    if (short) throw fail("limit-reached", `Of this line ${short.limit} can be claimed`, short);
    const entry = { step: "request", actor: actorText(actorOf(caller)), reason: null } as const;
    await steps.add(opened, entry, tx);
    tx.publish("after-sales.requested", {
      ...eventBase(opened),
      reason,
      lines: eventLines(opened),
      amount: answer.amount,
    });
    return answer;
  });
  const { holdAt: at } = opened;
  // If that fails, the job `tell-orders` does it.
  await tellOrders({ id: created.id, at }, context, dependencies).catch((error: unknown) =>
    log.warn(`orders has to wait for after-sale ${created.id}`, error),
  );
  return created;
});
