import { expect } from "@jest/globals";
import { newId } from "../../../mixins/contract/ids.ts";
import type { Bench } from "./bench.ts";
import { resolvedWithinMs, total } from "./bench.ts";
import type { ConformingProvider } from "./provider.ts";

/** A case of the conformance table. */
export interface Case {
  readonly title: string;
  /** Left out for providers that lack it. */
  readonly takes?: ConformingProvider["lacks"] extends ReadonlySet<infer L> ? L : never;
  readonly run: (bench: Bench) => Promise<void>;
}

const statusesOf = async (bench: Bench, id: string) =>
  (await bench.paymentsOf(id)).map(({ status }) => status);

/** Notices: repeated, late, reordered, forged, unreadable, wrong or lost. */
export const noticeCases: readonly Case[] = [
  {
    title: "five copies of a notice at once, and a later one, pay once",
    async run(bench) {
      const { id, payment } = await bench.started();
      bench.provider.pay(payment.id);
      const notice = bench.provider.notice(payment.id, "paid");
      const statuses = await Promise.all(Array.from({ length: 5 }, () => bench.tell(notice)));
      expect(statuses).toEqual([200, 200, 200, 200, 200]);
      expect(await bench.tell(notice)).toBe(200);
      expect(await bench.statusOf(id)).toBe("paid");
    },
  },
  {
    title: "a notice that comes after the query changes nothing more",
    async run(bench) {
      const { id, payment } = await bench.started();
      bench.provider.pay(payment.id);
      await bench.query();
      expect(await bench.statusOf(id)).toBe("paid");
      expect(await bench.tell(bench.provider.notice(payment.id, "paid"))).toBe(200);
      expect(await statusesOf(bench, id)).toEqual(["succeeded"]);
    },
  },
  {
    title: "a notice that overtakes the response to the start counts",
    async run(bench) {
      const { id, buyer } = await bench.placed();
      const key = newId();
      bench.proxy.faults.set("start", "lost");
      expect(await bench.refusal(bench.pay(id, buyer, key))).toBe("unavailable");
      const [pending] = await bench.paymentsOf(id);
      bench.provider.pay(pending?.id ?? "");
      expect(await bench.tell(bench.provider.notice(pending?.id ?? "", "paid"))).toBe(200);
      expect(await bench.statusOf(id)).toBe("paid");
      expect(await bench.pay(id, buyer, key)).toMatchObject({ status: "succeeded" });
    },
  },
  {
    title: "a failure that is told after the success undoes nothing",
    takes: "failures",
    async run(bench) {
      const { id, payment } = await bench.started();
      bench.provider.decline(payment.id);
      const failure = bench.provider.notice(payment.id, "failed");
      bench.provider.pay(payment.id);
      expect(await bench.tell(bench.provider.notice(payment.id, "paid"))).toBe(200);
      expect(await bench.tell(failure)).toBe(200);
      expect(await statusesOf(bench, id)).toEqual(["succeeded"]);
    },
  },
  {
    title: "a failed attempt can be followed by one that succeeds",
    takes: "failures",
    async run(bench) {
      const { id, payment } = await bench.started();
      bench.provider.decline(payment.id);
      expect(await bench.tell(bench.provider.notice(payment.id, "failed"))).toBe(200);
      expect(await statusesOf(bench, id)).toEqual(["failed"]);
      bench.provider.pay(payment.id);
      await bench.query();
      expect(await statusesOf(bench, id)).toEqual(["succeeded"]);
    },
  },
  {
    title: "another amount than was asked for does not pay the order",
    async run(bench) {
      const { id, payment } = await bench.started();
      bench.provider.pay(payment.id);
      const notice = bench.provider.notice(payment.id, "paid", { amount: total - 1 });
      expect(await bench.tell(notice)).toBe(200);
      expect(await statusesOf(bench, id)).toEqual(["mismatched"]);
      expect(await bench.statusOf(id)).toBe("placed");
    },
  },
  {
    title: "another currency than was asked for does not pay the order",
    takes: "currency",
    async run(bench) {
      const { id, payment } = await bench.started();
      bench.provider.pay(payment.id);
      const notice = bench.provider.notice(payment.id, "paid", { currency: "USD" });
      expect(await bench.tell(notice)).toBe(200);
      expect(await statusesOf(bench, id)).toEqual(["mismatched"]);
      expect(await bench.statusOf(id)).toBe("placed");
    },
  },
  {
    title: "a notice signed with another key has no effect",
    async run(bench) {
      const { id, payment } = await bench.started();
      expect(await bench.tell(bench.provider.notice(payment.id, "paid", { isForged: true }))).toBe(400);
      expect(await bench.statusOf(id)).toBe("placed");
    },
  },
  {
    title: "a notice that was changed on its way, or is not signed, has no effect",
    async run(bench) {
      const { id, payment } = await bench.started();
      const notice = bench.provider.notice(payment.id, "paid");
      const changed = notice.body.replace(/2495|24\.95|[0-9a-zA-Z](?=[^0-9a-zA-Z]*$)/, "0");
      expect(await bench.tell({ ...notice, body: changed })).toBe(400);
      const unsigned = notice.body.replace(/&?sign=[^&]*/, "");
      expect(await bench.tell({ ...notice, headers: {}, body: unsigned })).toBe(400);
      expect(await bench.statusOf(id)).toBe("placed");
    },
  },
  {
    title: "a notice signed ten minutes ago has no effect",
    takes: "stale",
    async run(bench) {
      const { id, payment } = await bench.started();
      expect(await bench.tell(bench.provider.notice(payment.id, "paid", { ageMs: 600_000 }))).toBe(400);
      expect(await bench.statusOf(id)).toBe("placed");
    },
  },
  {
    title: "a signed notice that is unreadable is a problem, and has no effect",
    async run(bench) {
      const { id } = await bench.started();
      expect(await bench.tell(bench.provider.unreadableNotice())).toBe(400);
      expect(await bench.statusOf(id)).toBe("placed");
    },
  },
  {
    title: "a notice about a payment that the shop does not know is acknowledged, and has no effect",
    async run(bench) {
      const { id, payment } = await bench.started();
      const notice = bench.provider.notice(payment.id, "paid", { paymentId: newId() });
      expect(await bench.tell(notice)).toBe(200);
      expect(await bench.statusOf(id)).toBe("placed");
    },
  },
  {
    title: "a lost notice is found by the query within a minute",
    async run(bench) {
      const { id, payment } = await bench.started();
      const sweepMs = 5000;
      // The regular pause has been reached when the customer pays.
      for (let at = 0; at < resolvedWithinMs; at += sweepMs) await bench.query(at);
      expect(await statusesOf(bench, id)).toEqual(["pending"]);
      bench.provider.pay(payment.id);
      for (let at = 0; at < resolvedWithinMs; at += sweepMs) await bench.query(resolvedWithinMs + at);
      expect(await bench.statusOf(id)).toBe("paid");
    },
  },
  {
    title: "a payment whose start was lost, and its notice too, is found by the query",
    async run(bench) {
      const { id, buyer } = await bench.placed();
      bench.proxy.faults.set("start", "lost");
      expect(await bench.refusal(bench.pay(id, buyer))).toBe("unavailable");
      const [pending] = await bench.paymentsOf(id);
      bench.provider.pay(pending?.id ?? "");
      await bench.query();
      expect(await bench.statusOf(id)).toBe("paid");
    },
  },
  ...(["error", "malformed", "lost"] as const).map((fault): Case => ({
    title: `a query with the fault ${fault} changes nothing, and is made again`,
    async run(bench) {
      const { id, payment } = await bench.started();
      bench.provider.pay(payment.id);
      bench.proxy.faults.set("query", fault);
      await bench.query(10_000);
      expect(await statusesOf(bench, id)).toEqual(["pending"]);
      await bench.query();
      expect(await bench.statusOf(id)).toBe("paid");
    },
  })),
];
