import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { ServiceBroker } from "moleculer";
import { z } from "zod";
import type { Config } from "../../../../config/index.ts";
import { ConfigError, integer } from "../../../../config/index.ts";
import type {
  ChargeOutcome,
  ChargeRequest,
  CloseOutcome,
  KeptMethod,
  NoticeHeaders,
  OnlinePaymentProvider,
  OpenPayment,
  PaymentState,
  PaymentProviderDefinition,
  ProviderPaymentRequest,
  ProviderNotice,
  RefundOutcome,
  ProviderRefundRequest,
  SavedMethods,
  SetupState,
  StartedPayment,
} from "../provider-interface.ts";
import {
  InvalidSignature,
  ProviderRefusal,
  ProviderUnreachable,
  providerTimeoutMs,
} from "../provider-interface.ts";
import {
  charged,
  foundPayment,
  givenRefund,
  keptMethod,
  keptMethods,
  notice,
  payment,
  paymentEvents,
  readAs,
  refused,
  setup,
  setupState,
  startedPayment,
  subject,
} from "./sandbox-messages.ts";
import { isSignedBody } from "../signed-body.ts";

const because = "when PAYMENT_PROVIDERS has sandbox";
const settings = z.object({
  /** URL of the payment sandbox. Absent: a single process starts its own. */
  SANDBOX_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Port of the sandbox in a single process; default: the port after `PORT`, or any. */
  SANDBOX_PORT: integer(0, 65535).optional(),
  /** Key that authenticates the shop at the sandbox. */
  SANDBOX_API_KEY: z.string().min(8).optional(),
  /** Secret that signs the sandbox's webhooks. */
  SANDBOX_WEBHOOK_SECRET: z.string().min(8).optional(),
});
const settingsElsewhere = settings.required({
  SANDBOX_URL: true,
  SANDBOX_API_KEY: true,
  SANDBOX_WEBHOOK_SECRET: true,
});

export const sandbox: PaymentProviderDefinition = {
  name: "sandbox",
  signatureHeaders: ["Sandbox-Signature"],
  settings,
  setUp(config) {
    const given = config.settings(settings, because);
    if (config.shape === "embedded" && given.SANDBOX_URL === undefined)
      return (broker) => openInProcess(given, config, broker);
    const {
      SANDBOX_URL,
      SANDBOX_API_KEY: apiKey,
      SANDBOX_WEBHOOK_SECRET: webhookSecret,
    } = config.settings(settingsElsewhere, because);
    return () =>
      Promise.resolve(new SandboxProvider({ url: SANDBOX_URL.replace(/\/+$/, ""), apiKey, webhookSecret }));
  },
};

/** Generates missing secrets, since shop and sandbox share a process. */
async function openInProcess(
  given: z.output<typeof settings>,
  config: Config,
  broker: ServiceBroker,
): Promise<SandboxProvider> {
  const { startInProcess } = await import("../../../../deploy/psp-sandbox/start-in-process.ts").catch(
    notInstalled,
  );
  const { host, port } = config.http;
  const secrets = {
    apiKey: given.SANDBOX_API_KEY ?? madeUp(),
    webhookSecret: given.SANDBOX_WEBHOOK_SECRET ?? madeUp(),
  };
  const running = await startInProcess(broker, {
    ...secrets,
    host,
    port: given.SANDBOX_PORT ?? (port === 0 || port === 65_535 ? 0 : port + 1),
    isPortRequired: given.SANDBOX_PORT !== undefined,
    file: join(config.dataDir, "payment-sandbox.sqlite"),
  });
  return new SandboxProvider({ ...secrets, url: running.url, disconnect: () => running.close() });
}

/** Production images do not include the simulator. */
function notInstalled(error: NodeJS.ErrnoException): never {
  if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
  throw new ConfigError(
    "bad setting: SANDBOX_URL is required: this installation does not include the payment sandbox",
  );
}

function madeUp(): string {
  return randomBytes(24).toString("base64url");
}

interface SandboxOptions {
  /** Base URL without a trailing slash. */
  readonly url: string;
  readonly apiKey: string;
  readonly webhookSecret: string;
  /** Stops the sandbox if it runs in this process. */
  readonly disconnect?: () => Promise<void>;
}

/** The payment sandbox, in this process or elsewhere. */
class SandboxProvider implements OnlinePaymentProvider {
  readonly name = "sandbox";
  readonly savedMethods: SavedMethods = {
    // The sandbox has no accounts: its customers are the shop's.
    openAccount: (customerId) => Promise.resolve(customerId),
    startSetup: (request) => this.#startSetup(request),
    readSetup: (reference) => this.#readSetup(reference),
    list: (account) => this.#list(account),
    detach: (token) => this.#detach(token),
    charge: (request) => this.#charge(request),
  };
  readonly #options: SandboxOptions;

  constructor(options: SandboxOptions) {
    this.#options = options;
  }

  async start({ id, orderNumber, amount, currency }: ProviderPaymentRequest): Promise<StartedPayment> {
    const request = { amount, currency, reference: id, description: `Order ${orderNumber}` };
    const { id: reference, url } = startedPayment.parse(await this.#post("/v1/payments", id, request));
    return { reference, next: { action: "redirect", url } };
  }

  async refund({ id, key, paymentReference, amount }: ProviderRefundRequest): Promise<RefundOutcome> {
    try {
      const path = `/v1/payments/${encodeURIComponent(paymentReference ?? "-")}/refunds`;
      const given = givenRefund.parse(await this.#post(path, key, { amount, reference: id }));
      if (given.status === "succeeded") return { status: "succeeded", reference: given.id };
      return { status: "failed", reference: given.id, reason: given.failure ?? "No reason was given" };
    } catch (error) {
      if (error instanceof ProviderRefusal)
        return { status: "failed", reference: null, reason: error.message };
      throw error;
    }
  }

  async query(payment: OpenPayment): Promise<PaymentState> {
    const found = await this.#find(payment);
    if (!found) return { status: "unknown" };
    const { id: reference, failure, amount, currency } = found;
    if (found.status === "succeeded") return { status: "succeeded", reference, amount, currency };
    if (found.status === "closed") return { status: "closed", reference, reason: failure ?? "It was closed" };
    return { status: "pending", reference, failure };
  }

  async close(payment: OpenPayment): Promise<CloseOutcome> {
    const found = await this.#find(payment);
    if (!found) return { status: "closed" };
    const answer = await this.#post(`/v1/payments/${found.id}/closures`, `close.${payment.id}`, {});
    const { id: reference, status, amount, currency } = readAs(foundPayment, answer);
    return status === "succeeded" ? { status, reference, amount, currency } : { status: "closed" };
  }

  /** By its id, or by the shop's. */
  async #find({ id, reference }: OpenPayment): Promise<z.output<typeof foundPayment> | undefined> {
    const path =
      reference === null ? `/v1/references/${id}` : `/v1/payments/${encodeURIComponent(reference)}`;
    try {
      return readAs(foundPayment, await this.#request("GET", path));
    } catch (error) {
      if (error instanceof ProviderRefusal) return undefined;
      throw error;
    }
  }

  readNotice(body: Buffer, headers: NoticeHeaders, now: number): ProviderNotice {
    const signature = headers["sandbox-signature"];
    if (signature === undefined || !isSignedBody(body, signature, this.#options.webhookSecret, now))
      throw new InvalidSignature();
    const { id: eventId, type, data } = readAs(notice, JSON.parse(body.toString("utf8")));
    switch (type) {
      case "payment.succeeded":
      case "payment.failed":
      case "payment.closed": {
        const { id: reference, reference: id, failure, amount, currency } = readAs(payment, data);
        const status = paymentEvents[type];
        return {
          eventId,
          type,
          event: { about: "payment", id, reference, status, amount, currency, reason: failure ?? "" },
        };
      }
      case "refund.succeeded":
      case "refund.failed": {
        const { id: reference, reference: id, failure } = readAs(subject, data);
        const status = type === "refund.succeeded" ? "succeeded" : "failed";
        return { eventId, type, event: { about: "refund", id, reference, status, reason: failure ?? "" } };
      }
      case "setup.succeeded":
      case "setup.failed": {
        const { id: reference, reference: id } = readAs(setup, data);
        return { eventId, type, event: { about: "setup", id, reference } };
      }
      case "method.detached":
        return { eventId, type, event: { about: "method", reference: readAs(keptMethod, data).id } };
      default:
        return { eventId, type, event: undefined };
    }
  }

  async #startSetup({
    id,
    account,
  }: {
    readonly id: string;
    readonly account: string;
  }): Promise<StartedPayment> {
    const request = { reference: id, customer: account };
    const { id: reference, url } = startedPayment.parse(await this.#post("/v1/setups", id, request));
    return { reference, next: { action: "redirect", url } };
  }

  async #readSetup(reference: string): Promise<SetupState> {
    const answer = await this.#request("GET", `/v1/setups/${encodeURIComponent(reference)}`);
    const { status, failure, method } = setupState.parse(answer);
    return status === "succeeded" && method
      ? { status, method: methodOf(method) }
      : { status: "pending", failure };
  }

  async #list(account: string): Promise<string[]> {
    const answer = await this.#request("GET", `/v1/customers/${encodeURIComponent(account)}/methods`);
    return keptMethods.parse(answer).methods.map(({ id }) => id);
  }

  async #detach(token: string): Promise<void> {
    await this.#request("DELETE", `/v1/methods/${encodeURIComponent(token)}`);
  }

  async #charge({ id, orderNumber, token, account, ...charge }: ChargeRequest): Promise<ChargeOutcome> {
    const { amount, currency, offSession } = charge;
    const description = `Order ${orderNumber}`;
    const request = {
      amount,
      currency,
      reference: id,
      description,
      method: token,
      customer: account,
      offSession,
    };
    const { id: reference, ...made } = charged.parse(await this.#post("/v1/charges", id, request));
    const reason = made.failure ?? "No reason was given";
    if (made.status === "succeeded")
      return { status: "succeeded", reference, amount: made.amount, currency: made.currency };
    if (made.code !== "authentication_required") return { status: "declined", reference, reason };
    const next = offSession ? null : ({ action: "redirect", url: made.url } as const);
    return { status: "authentication-required", reference, reason, next };
  }

  async disconnect(): Promise<void> {
    await this.#options.disconnect?.();
  }

  #post(path: string, key: string, request: object): Promise<unknown> {
    const headers = { "content-type": "application/json", "idempotency-key": key };
    return this.#request("POST", path, { headers, body: JSON.stringify(request) });
  }

  async #request(
    method: string,
    path: string,
    sent: { readonly headers?: Record<string, string>; readonly body?: string } = {},
  ): Promise<unknown> {
    const { url, apiKey } = this.#options;
    const headers = { ...sent.headers, authorization: `Bearer ${apiKey}` };
    const signal = AbortSignal.timeout(providerTimeoutMs);
    try {
      const response = await fetch(url + path, { ...sent, method, headers, signal });
      const answer: unknown = await response.json();
      if (response.ok) return answer;
      const refusal = refused.safeParse(answer);
      const itself = response.status < 500 && response.status !== 401 && response.status !== 429;
      if (itself && refusal.success) throw new ProviderRefusal(refusal.data.error.message);
      throw new ProviderUnreachable(`the payment sandbox responded with ${response.status}`, {
        timedOut: false,
      });
    } catch (cause) {
      if (cause instanceof ProviderRefusal || cause instanceof ProviderUnreachable) throw cause;
      const timedOut = signal.aborted;
      throw new ProviderUnreachable(`the payment sandbox ${timedOut ? "timed out" : "is unreachable"}`, {
        timedOut,
        cause,
      });
    }
  }
}

function methodOf({ id: token, ...details }: z.output<typeof keptMethod>): KeptMethod {
  return { token, ...details };
}
