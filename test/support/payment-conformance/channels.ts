import { expect, jest } from "@jest/globals";
import { newId } from "../../../mixins/contract/ids.ts";
import type { Bench } from "./bench.ts";
import type { Case } from "./notices.ts";

/** Runs `work` after the claims of an earlier request have ended. */
async function aMinuteLater<T>(work: () => Promise<T>): Promise<T> {
  const now = Date.now.bind(Date);
  const clock = jest.spyOn(Date, "now").mockImplementation(() => now() + 60_000);
  try {
    return await work();
  } finally {
    clock.mockRestore();
  }
}

/** The node dies after the provider's response, before the commit. */
function killAfter(bench: Bench, method: "start" | "query" | "close" | "refund"): void {
  const { client } = bench;
  const real = client[method].bind(client) as (request: never) => Promise<unknown>;
  const spy = jest.spyOn(client, method) as unknown as jest.SpiedFunction<typeof real>;
  spy.mockImplementationOnce(async (request) => {
    await real(request);
    throw new Error("killed");
  });
}

function killBeforeRelease({ needs }: Bench): void {
  jest.spyOn(needs.keys, "release").mockImplementationOnce(() => Promise.reject(new Error("killed")));
}

/** Starts and closings: faults, further channels, two paid, kills. */
export const channelCases: readonly Case[] = [
  ...(["error", "malformed", "lost"] as const).map((fault): Case => ({
    title: `a start with the fault ${fault} is unavailable, and the same key goes on with the same payment`,
    async run(bench) {
      const { id, buyer } = await bench.placed();
      const key = newId();
      bench.proxy.faults.set("start", fault);
      expect(await bench.refusal(bench.pay(id, buyer, key))).toBe("unavailable");
      const payment = await bench.pay(id, buyer, key);
      expect(await bench.paymentsOf(id)).toMatchObject([{ id: payment.id, status: "pending" }]);
      expect(bench.provider.payments(payment.id)).toHaveLength(1);
    },
  })),
  {
    title: "a second channel closes the first, which cannot be paid any more",
    async run(bench) {
      const { id, buyer, payment } = await bench.started();
      await bench.pay(id, buyer, newId(), "sandbox");
      expect(bench.there(payment.id)).toMatchObject({ status: "closed" });
      expect(bench.provider.pay(payment.id)).toBe(false);
      expect(await bench.paymentsOf(id)).toMatchObject([{ status: "failed" }, { status: "pending" }]);
    },
  },
  {
    title: "a second payment at the same provider closes the first",
    async run(bench) {
      const { id, buyer, payment } = await bench.started();
      const second = await bench.pay(id, buyer);
      expect(bench.there(payment.id)).toMatchObject({ status: "closed" });
      bench.provider.pay(second.id);
      await bench.query();
      expect(await bench.paymentsOf(id)).toMatchObject([{ status: "failed" }, { status: "succeeded" }]);
    },
  },
  {
    title: "a first payment that turns out to be paid pays the order, and no second one is started",
    async run(bench) {
      const { id, buyer, payment } = await bench.started();
      bench.provider.pay(payment.id);
      expect(await bench.refusal(bench.pay(id, buyer))).toBe("illegal-transition");
      expect(await bench.statusOf(id)).toBe("paid");
      const [, second] = await bench.paymentsOf(id);
      expect(second).toMatchObject({ status: "failed" });
      expect(bench.provider.payments(second?.id ?? "")).toEqual([]);
    },
  },
  {
    title: "while the bank is at work on the first payment, no second one is started",
    takes: "processing",
    async run(bench) {
      const { id, buyer, payment } = await bench.started();
      bench.provider.process(payment.id);
      expect(await bench.refusal(bench.pay(id, buyer))).toBe("payment-in-progress");
      bench.provider.pay(payment.id);
      await bench.query();
      expect(await bench.statusOf(id)).toBe("paid");
    },
  },
  ...(["error", "malformed", "lost"] as const).map((fault): Case => ({
    title: `a closing with the fault ${fault} starts no second payment; the same request goes on`,
    async run(bench) {
      const { id, buyer, payment } = await bench.started();
      const key = newId();
      // Some providers are asked for the state first.
      const before = bench.proxy.asked.length;
      bench.proxy.faults.set("close", fault);
      expect(await bench.refusal(bench.pay(id, buyer, key))).toBe("unavailable");
      expect(bench.proxy.asked.slice(before)).not.toContain("start");
      const second = await bench.pay(id, buyer, key);
      expect(bench.there(payment.id)).toMatchObject({ status: "closed" });
      expect(bench.there(second.id)).toMatchObject({ status: "open" });
    },
  })),
  {
    title: "a provider that takes too long at any step leaves it to the next attempt",
    async run(bench) {
      const [first, second, third] = [await bench.placed(), await bench.started(), await bench.started()];
      const paid = await bench.paid();
      await bench.cancel(paid.id);
      bench.provider.pay(third.payment.id);
      const keys = [newId(), newId()] as const;
      for (const operation of ["start", "query", "refund"] as const)
        bench.proxy.faults.set(operation, "timeout");
      const asked = [
        bench.refusal(bench.pay(first.id, first.buyer, keys[0])),
        bench.refund().then(() => undefined),
      ];
      // The query of the third payment, whichever of the open ones it strikes.
      await Promise.all([...asked, bench.query(10_000)]);
      expect(await asked[0]).toBe("deadline-exceeded");
      bench.proxy.faults.set("close", "timeout");
      expect(await bench.refusal(bench.pay(second.id, second.buyer, keys[1]))).toBe("deadline-exceeded");
      await bench.pay(first.id, first.buyer, keys[0]);
      await bench.pay(second.id, second.buyer, keys[1]);
      await bench.query();
      expect(await bench.statusOf(third.id)).toBe("paid");
      await bench.refund(60_000);
      expect(bench.there(paid.payment.id)).toMatchObject({ refunded: 2495, refunds: 1 });
    },
  },
  {
    title: "of two that are paid one is kept, and the other given back by itself, once",
    async run(bench) {
      const { id, buyer, payment } = await bench.started();
      const second = await bench.pay(id, buyer);
      bench.provider.pay(second.id);
      bench.provider.pay(payment.id, true);
      await Promise.all([
        bench.tell(bench.provider.notice(second.id, "paid")),
        bench.tell(bench.provider.notice(payment.id, "paid")),
      ]);
      await Promise.all([bench.refund(), bench.refund(), bench.refund()]);
      expect(await bench.statusOf(id)).toBe("paid");
      const refunded = [bench.there(payment.id), bench.there(second.id)].map((one) => one?.refunded);
      expect(refunded.toSorted((one = 0, other = 0) => one - other)).toEqual([0, 2495]);
    },
  },
  {
    title: "a start whose node dies after the provider's response goes on with the same payment",
    async run(bench) {
      const { id, buyer } = await bench.placed();
      const key = newId();
      killAfter(bench, "start");
      killBeforeRelease(bench);
      await expect(bench.pay(id, buyer, key)).rejects.toThrow("killed");
      const payment = await aMinuteLater(() => bench.pay(id, buyer, key));
      expect(bench.provider.payments(payment.id)).toHaveLength(1);
      bench.provider.pay(payment.id);
      await bench.query();
      expect(await bench.statusOf(id)).toBe("paid");
    },
  },
  {
    title: "a closing whose node dies after the provider's response is made again",
    async run(bench) {
      const { id, buyer, payment } = await bench.started();
      const key = newId();
      killAfter(bench, "close");
      killBeforeRelease(bench);
      await expect(bench.pay(id, buyer, key)).rejects.toThrow("killed");
      expect(bench.there(payment.id)).toMatchObject({ status: "closed" });
      const second = await aMinuteLater(() => bench.pay(id, buyer, key));
      bench.provider.pay(second.id);
      await bench.query();
      expect(await bench.paymentsOf(id)).toMatchObject([{ status: "failed" }, { status: "succeeded" }]);
    },
  },
  {
    title: "a query whose node dies after the provider's response is made again",
    async run(bench) {
      const { id, payment } = await bench.started();
      bench.provider.pay(payment.id);
      killAfter(bench, "query");
      await bench.query(10_000);
      await bench.query();
      expect(await bench.statusOf(id)).toBe("paid");
    },
  },
  {
    title: "a refund whose node dies after the provider's response is given once",
    async run(bench) {
      const { id, payment } = await bench.paid();
      await bench.cancel(id);
      killAfter(bench, "refund");
      await bench.refund();
      await bench.refund(60_000);
      expect(bench.there(payment.id)).toMatchObject({ refunded: 2495, refunds: 1 });
    },
  },
];
