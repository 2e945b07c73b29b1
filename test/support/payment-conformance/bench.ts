import { expect } from "@jest/globals";
import type { Service } from "moleculer";
import type { Caller } from "../../../mixins/contract/caller.ts";
import type { Result } from "../../../mixins/contract/calls.ts";
import { isShopError } from "../../../mixins/contract/errors.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import type { ServiceWithDatabase } from "../../../mixins/database/database.mixin.ts";
import { findViolations } from "../../../mixins/database/invariant.ts";
import { configOf } from "../../../mixins/service/config-of.ts";
import { invariants } from "../../../services/orders/data/invariants.ts";
import { executeRefunds } from "../../../services/orders/jobs/execute-refunds.job.ts";
import { expireUnpaidOrders } from "../../../services/orders/jobs/expire-unpaid-orders.job.ts";
import { queryPayments } from "../../../services/orders/jobs/query-payments.job.ts";
import type { OrdersDependencies } from "../../../services/orders/orders.dependencies.ts";
import type { OnlinePaymentProvider } from "../../../services/orders/payments/provider-interface.ts";
import { FakeCheckoutServices } from "../fake-checkout-services.ts";
import { runJob } from "../run-job.ts";
import { Sandbox } from "../sandbox.ts";
import type { Shop } from "../shop.ts";
import { customer, startShop } from "../shop.ts";
import { FaultProxy } from "./fault-proxy.ts";
import type { ConformingProvider, SignedNotice } from "./provider.ts";

type Payment = Result<"orders.payments.list">["items"][number];

/** Resolves a lost notice at default settings. */
export const resolvedWithinMs = 60_000;
export const total = 2495;
const hour = 3_600_000;

export interface Started {
  /** The order's id. */
  readonly id: string;
  readonly buyer: Caller;
  readonly payment: Result<"orders.payments.record">;
}

/** A shop with one provider behind a proxy that injects faults, and the sandbox as second channel. */
export class Bench {
  readonly provider: ConformingProvider;
  readonly proxy: FaultProxy;
  readonly desk: Caller = { ...customer(), role: "support", permissions: ["orders:read", "orders:write"] };
  readonly #world = new FakeCheckoutServices();
  #second: Sandbox | undefined;
  #shop: Shop | undefined;
  /** Orders of the running case. */
  readonly orders: string[] = [];

  constructor(provider: ConformingProvider) {
    this.provider = provider;
    this.proxy = new FaultProxy(provider);
    this.#world.currency = provider.currency;
  }

  async start(): Promise<void> {
    await this.provider.start();
    await this.proxy.start();
    this.#second = await Sandbox.start();
    await this.#second.faults({ hold: true });
    const { name } = this.provider;
    // Where the sandbox itself is tested, it is its own second channel.
    const env = {
      ...this.#second.env,
      ...this.proxy.env,
      PAYMENT_PROVIDERS: [...new Set(["manual", "sandbox", name])].join(),
      CURRENCY: this.provider.currency,
      SWEEP_INTERVAL_SECONDS: "3600",
      LOG_LEVEL: "error",
    };
    this.#shop = await startShop({ services: ["api", "orders"], env, prepare: this.#world.install });
  }

  async stop(): Promise<void> {
    await this.#shop?.stop();
    await this.#second?.stop();
    await this.proxy.stop();
    await this.provider.stop();
  }

  get shop(): Shop {
    if (!this.#shop) throw new Error("the shop is not started");
    return this.#shop;
  }

  get #service(): Service & ServiceWithDatabase & { collaborators: OrdersDependencies } {
    return this.shop.broker.getLocalService("orders") as Service &
      ServiceWithDatabase & { collaborators: OrdersDependencies };
  }

  get database() {
    return this.#service.database;
  }

  get needs(): OrdersDependencies {
    return this.#service.collaborators;
  }

  /** The shop's client of the provider, to be spied on. */
  get client(): OnlinePaymentProvider {
    const client = this.needs.providers.online(this.provider.name);
    if (!client) throw new Error(`${this.provider.name} is not enabled`);
    return client;
  }

  async placed(): Promise<{ id: string; buyer: Caller }> {
    const buyer = customer();
    const { id } = await this.shop.call(
      "orders.place",
      {
        idempotencyKey: newId(),
        cartId: this.#world.cart([this.#world.stock(100, 1000), 2]),
        total: { amount: total, currency: this.provider.currency },
        shippingAddress: {
          name: "Ada",
          line1: "1 Street",
          city: "London",
          postalCode: "N1 1AA",
          country: "GB",
        },
      },
      { as: buyer },
    );
    this.orders.push(id);
    return { id, buyer };
  }

  async pay(id: string, buyer: Caller, idempotencyKey: string = newId(), provider = this.provider.name) {
    const isOwn = provider === this.provider.name;
    const params = { id, idempotencyKey, provider, ...(isOwn && this.provider.startParams) };
    const payment = await this.shop.call("orders.payments.record", params, { as: buyer });
    if (isOwn) this.provider.visit?.(payment.id);
    return payment;
  }

  async started(): Promise<Started> {
    const { id, buyer } = await this.placed();
    return { id, buyer, payment: await this.pay(id, buyer) };
  }

  /** Paid, and told by a notice. */
  async paid(): Promise<Started> {
    const started = await this.started();
    this.provider.pay(started.payment.id);
    expect(await this.tell(this.provider.notice(started.payment.id, "paid"))).toBe(200);
    expect(await this.statusOf(started.id)).toBe("paid");
    return started;
  }

  /** @returns the shop's status */
  async tell({ body, contentType, headers }: SignedNotice): Promise<number> {
    const response = await fetch(`${this.shop.url}/api/v1/webhooks/payments/${this.provider.name}`, {
      method: "POST",
      headers: { "content-type": contentType, ...headers },
      body,
    });
    await response.arrayBuffer();
    return response.status;
  }

  async statusOf(id: string): Promise<string> {
    return (await this.shop.call("orders.get", { id })).status;
  }

  async paymentsOf(id: string): Promise<Payment[]> {
    return (await this.shop.call("orders.payments.list", { id })).items;
  }

  async refundsOf(id: string) {
    return (await this.shop.call("orders.refunds.list", { id })).items;
  }

  cancel(id: string): Promise<unknown> {
    return this.shop.call("orders.cancel", { id, reason: "Changed my mind" });
  }

  expire(): Promise<void> {
    return runJob(this.shop, "orders", expireUnpaidOrders, Date.now() + hour);
  }

  /** Runs the job that asks providers, as if it were later. */
  query(laterMs = resolvedWithinMs): Promise<void> {
    return runJob(this.shop, "orders", queryPayments, Date.now() + laterMs);
  }

  refund(laterMs = 0): Promise<void> {
    return runJob(this.shop, "orders", executeRefunds, Date.now() + laterMs);
  }

  /** The refused type, or undefined. */
  async refusal(work: Promise<unknown>): Promise<string | undefined> {
    return work.then(
      () => undefined,
      (error: unknown) => {
        if (isShopError(error)) return error.type;
        throw error;
      },
    );
  }

  /** What the provider has of the payment. */
  there(paymentId: string) {
    return this.provider.payments(paymentId)[0];
  }
}

/** The jobs have run; then money here and there agrees, no payment is unresolved, and all invariants hold. */
export async function expectNothingUnresolved(bench: Bench): Promise<void> {
  await bench.query();
  await bench.refund();
  await bench.query(2 * resolvedWithinMs);
  await bench.refund(hour);
  await bench.shop.settled();
  for (const id of bench.orders.splice(0)) await expectAgreement(bench, id);
  const now = Date.now();
  const moments = { now, graceMs: 60_000, keysRetainedSince: now, inboxRetainedSince: 0 };
  const context = { moments, config: configOf(bench.shop.broker) };
  for (const invariant of invariants.filter(({ severity }) => severity !== "warning")) {
    const range = { after: "", upTo: undefined };
    const found = await findViolations(bench.database, invariant, range, context);
    expect([invariant.code, ...found]).toEqual([invariant.code]);
  }
}

async function expectAgreement(bench: Bench, id: string): Promise<void> {
  const order = await bench.shop.call("orders.get", { id });
  const payments = await bench.paymentsOf(id);
  let kept = 0;
  for (const { id: paymentId, provider, status } of payments) {
    if (provider !== bench.provider.name) continue;
    const all = bench.provider.payments(paymentId);
    expect(all.length).toBeLessThanOrEqual(1);
    const [there] = all;
    if (there?.status === "paid" && status !== "mismatched") {
      expect(status).toBe("succeeded");
      kept += there.amount - there.refunded;
    }
    if (order.status !== "placed") expect(there?.status).not.toBe("open");
  }
  if (payments.some(({ provider, status }) => provider !== bench.provider.name && status === "succeeded"))
    kept += order.total.amount;
  const isPaid = !["placed", "cancelled", "expired"].includes(order.status);
  const failed = (await bench.refundsOf(id)).filter(({ status }) => status === "failed");
  const due = failed.reduce((sum, { amount }) => sum + amount.amount, 0);
  expect(kept - due).toBe(isPaid ? order.total.amount - order.refunded.amount : 0);
}
