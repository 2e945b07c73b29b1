import { expect } from "@jest/globals";
import { resolvedWithinMs } from "./bench.ts";
import type { Case } from "./notices.ts";

/** Late payments and refunds. */
export const refundCases: readonly Case[] = [
  {
    title: "money for a cancelled order is given back by itself, once",
    async run(bench) {
      const { id, payment } = await bench.started();
      await bench.cancel(id);
      bench.provider.pay(payment.id);
      await bench.tell(bench.provider.notice(payment.id, "paid"));
      await bench.refund();
      expect(bench.there(payment.id)).toMatchObject({ refunded: 2495, refunds: 1 });
      expect(await bench.statusOf(id)).toBe("cancelled");
    },
  },
  {
    title: "money for an expired order is given back by itself, once",
    async run(bench) {
      const { id, payment } = await bench.started();
      await bench.expire();
      bench.provider.pay(payment.id);
      await bench.tell(bench.provider.notice(payment.id, "paid"));
      await bench.refund();
      expect(bench.there(payment.id)).toMatchObject({ refunded: 2495, refunds: 1 });
      expect(await bench.statusOf(id)).toBe("expired");
    },
  },
  {
    title: "the open payment of a cancelled order is closed",
    async run(bench) {
      const { id, payment } = await bench.started();
      await bench.cancel(id);
      await bench.query();
      expect(bench.there(payment.id)).toMatchObject({ status: "closed" });
      expect(bench.provider.pay(payment.id)).toBe(false);
    },
  },
  {
    title: "closing the payment of a cancelled order finds that it was paid, and gives it back",
    async run(bench) {
      const { id, payment } = await bench.started();
      await bench.cancel(id);
      bench.provider.pay(payment.id);
      await bench.query();
      await bench.refund(2 * resolvedWithinMs);
      expect(bench.there(payment.id)).toMatchObject({ refunded: 2495, refunds: 1 });
    },
  },
  {
    title: "a refund that three nodes execute at once is given once",
    async run(bench) {
      const { id, payment } = await bench.paid();
      await bench.cancel(id);
      await Promise.all([bench.refund(), bench.refund(), bench.refund()]);
      await bench.refund(60_000);
      expect(bench.there(payment.id)).toMatchObject({ refunded: 2495, refunds: 1 });
    },
  },
  {
    title: "two refunds in part are two refunds",
    async run(bench) {
      const { id, payment } = await bench.paid();
      for (const amount of [500, 600])
        await bench.shop.call(
          "orders.refunds.record",
          {
            id,
            idempotencyKey: `${id}.${amount}`,
            reason: "Late",
            amount: { amount, currency: bench.provider.currency },
          },
          { as: bench.desk },
        );
      await bench.refund();
      expect(bench.there(payment.id)).toMatchObject({ refunded: 1100, refunds: 2 });
    },
  },
  ...(["error", "malformed", "lost"] as const).map((fault): Case => ({
    title: `a refund with the fault ${fault} is tried again, and given once`,
    async run(bench) {
      const { id, payment } = await bench.paid();
      await bench.cancel(id);
      bench.proxy.faults.set("refund", fault);
      await bench.refund();
      expect(await bench.refundsOf(id)).toMatchObject([{ status: "requested" }]);
      await bench.refund(60_000);
      expect(await bench.refundsOf(id)).toMatchObject([{ status: "succeeded" }]);
      expect(bench.there(payment.id)).toMatchObject({ refunded: 2495, refunds: 1 });
    },
  })),
  {
    title: "a refund that takes its time is asked about until it is given",
    takes: "pending refunds",
    async run(bench) {
      const { id, payment } = await bench.paid();
      await bench.cancel(id);
      bench.provider.nextRefund("pending");
      await bench.refund();
      expect(await bench.refundsOf(id)).toMatchObject([{ status: "requested" }]);
      bench.provider.finishRefunds();
      await bench.refund(60_000);
      expect(await bench.refundsOf(id)).toMatchObject([{ status: "succeeded" }]);
      expect(bench.there(payment.id)).toMatchObject({ refunded: 2495, refunds: 1 });
    },
  },
  {
    title: "a refund that the bank declines waits for staff, whose retry gives it",
    async run(bench) {
      const { id, payment } = await bench.paid();
      await bench.cancel(id);
      bench.provider.nextRefund("failed");
      await bench.refund();
      const [refund] = await bench.refundsOf(id);
      expect(refund).toMatchObject({ status: "failed" });
      await bench.shop.call("orders.refunds.retry", { id, refundId: refund?.id ?? "" }, { as: bench.desk });
      await bench.refund(60_000);
      expect(await bench.refundsOf(id)).toMatchObject([{ status: "succeeded" }]);
      expect(bench.there(payment.id)).toMatchObject({ refunded: 2495, refunds: 1 });
    },
  },
];
