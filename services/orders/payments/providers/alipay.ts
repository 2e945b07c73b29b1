import { z } from "zod";
import type {
  CloseOutcome,
  NoticeHeaders,
  OnlinePaymentProvider,
  OpenPayment,
  PaidPayment,
  PaymentProviderDefinition,
  PaymentState,
  ProviderNotice,
  ProviderPaymentRequest,
  ProviderRefundRequest,
  RefundOutcome,
  StartedPayment,
} from "../provider-interface.ts";
import { ProviderRefusal, ProviderUnreachable } from "../provider-interface.ts";
import { AlipayClient, AlipayRefusal, beijingTime } from "./alipay-client.ts";
import { rsaPrivateKey, rsaPublicKey } from "./rsa-keys.ts";
import { idOfTradeNumber, refundNumberOf, tradeNumberOf } from "./trade-number.ts";

const currency = "CNY";
const because = "when PAYMENT_PROVIDERS has alipay";

const settings = z.object({
  /** Id of the shop's app at Alipay's open platform. */
  ALIPAY_APP_ID: z.string().regex(/^\d{8,32}$/),
  /** RSA2 private key of the app, in PEM or Base64. */
  ALIPAY_PRIVATE_KEY: z.string().min(100),
  /** Alipay's own public key as the app's page shows it, not the app's. */
  ALIPAY_PUBLIC_KEY: z.string().min(100),
  /** Public address of `/api/v1/webhooks/payments/alipay`, which Alipay calls. */
  ALIPAY_NOTIFY_URL: z.url({ protocol: /^https?$/ }),
  /** Page to which Alipay sends customers back. */
  ALIPAY_RETURN_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** URL of Alipay's gateway; another one for its sandbox. */
  ALIPAY_GATEWAY_URL: z.url({ protocol: /^https?$/ }).default("https://openapi.alipay.com/gateway.do"),
});

const trade = z.object({
  out_trade_no: z.string(),
  trade_status: z.enum(["WAIT_BUYER_PAY", "TRADE_CLOSED", "TRADE_SUCCESS", "TRADE_FINISHED"]),
  total_amount: z.string().regex(/^\d{1,12}(\.\d{1,2})?$/),
});
const notice = z.object({
  ...trade.shape,
  notify_id: z.string().min(1).max(255),
  gmt_payment: z.string().optional(),
});
const code = z.object({ qr_code: z.string() });
const refunded = z.object({ fund_change: z.enum(["Y", "N"]) });
const foundRefund = z.object({ refund_status: z.string().optional() });

export const alipay: PaymentProviderDefinition = {
  name: "alipay",
  // The body has the signature.
  signatureHeaders: [],
  // Anything else is repeated for a day.
  acknowledgement: { mediaType: "text/plain", text: "success" },
  settings,
  setUp(config) {
    const given = config.settings(settings, because);
    const client = new AlipayClient({
      appId: given.ALIPAY_APP_ID,
      gatewayUrl: given.ALIPAY_GATEWAY_URL,
      privateKey: rsaPrivateKey(given.ALIPAY_PRIVATE_KEY, "ALIPAY_PRIVATE_KEY"),
      alipayKey: rsaPublicKey(given.ALIPAY_PUBLIC_KEY, "ALIPAY_PUBLIC_KEY"),
    });
    return () => Promise.resolve(new AlipayProvider(client, given));
  },
};

/** Ways to pay: Alipay's method for them and its product. */
const pages = {
  desktop: ["alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY"],
  phone: ["alipay.trade.wap.pay", "QUICK_WAP_WAY"],
  "app-browser": ["alipay.trade.wap.pay", "QUICK_WAP_WAY"],
} as const;

/**
 * Alipay: its page on a desk or a phone, or a code to scan. A trade exists there only once the customer has opened it,
 * until then a link is payable although nothing can be closed.
 */
class AlipayProvider implements OnlinePaymentProvider {
  readonly name = "alipay";
  readonly currencies = [currency];
  readonly #client: AlipayClient;
  readonly #urls: Readonly<Record<string, string>>;

  constructor(client: AlipayClient, given: z.output<typeof settings>) {
    this.#client = client;
    this.#urls = {
      notify_url: given.ALIPAY_NOTIFY_URL,
      ...(given.ALIPAY_RETURN_URL !== undefined && { return_url: given.ALIPAY_RETURN_URL }),
    };
  }

  async start(payment: ProviderPaymentRequest): Promise<StartedPayment> {
    const { id, orderNumber, amount, expiresAt, via = "desktop" } = payment;
    const reference = tradeNumberOf(id);
    const content = {
      out_trade_no: reference,
      total_amount: yuan(amount),
      subject: `Order ${orderNumber}`,
      time_expire: beijingTime(expiresAt),
    };
    const now = Date.now();
    if (via === "code") {
      const others = { notify_url: this.#urls["notify_url"] ?? "" };
      const answer = await this.#client.ask("alipay.trade.precreate", content, now, others);
      return { reference, next: { action: "show-code", code: readAs(code, answer).qr_code } };
    }
    const [method, product_code] = pages[via];
    const url = this.#client.urlOf(method, { ...content, product_code }, now, this.#urls);
    return { reference, next: { action: "redirect", url } };
  }

  async query({ id }: OpenPayment): Promise<PaymentState> {
    const content = { out_trade_no: tradeNumberOf(id) };
    const found = await this.#unlessMissing(this.#client.ask("alipay.trade.query", content, Date.now()));
    if (!found) return { status: "unknown" };
    const { trade_status: status, out_trade_no: reference, total_amount } = readAs(trade, found);
    switch (status) {
      case "TRADE_SUCCESS":
      case "TRADE_FINISHED":
        return paid(reference, total_amount);
      case "TRADE_CLOSED":
        return { status: "closed", reference, reason: "Alipay closed it" };
      case "WAIT_BUYER_PAY":
        return { status: "pending", reference, failure: null };
    }
  }

  async close(payment: OpenPayment): Promise<CloseOutcome> {
    const content = { out_trade_no: tradeNumberOf(payment.id) };
    try {
      const done = await this.#unlessMissing(this.#client.ask("alipay.trade.close", content, Date.now()));
      return done ? { status: "closed" } : { status: "closed", linkIsOpen: true };
    } catch (error) {
      if (!(error instanceof ProviderRefusal)) throw error;
    }
    // Paid, closed, or being paid.
    const state = await this.query(payment);
    if (state.status === "succeeded") return state;
    return { status: state.status === "closed" ? "closed" : "processing" };
  }

  async refund({ key, payment, amount }: ProviderRefundRequest): Promise<RefundOutcome> {
    const reference = refundNumberOf(key);
    const content = { out_trade_no: tradeNumberOf(payment.id), out_request_no: reference };
    try {
      const request = { ...content, refund_amount: yuan(amount) };
      const answer = await this.#client.ask("alipay.trade.refund", request, Date.now());
      if (readAs(refunded, answer).fund_change === "Y") return { status: "succeeded", reference };
    } catch (error) {
      if (error instanceof ProviderRefusal) return { status: "failed", reference, reason: error.message };
      throw error;
    }
    // No money moved by this request: an earlier one did it, or it is under way.
    const found = await this.#client.ask("alipay.trade.fastpay.refund.query", content, Date.now());
    const isDone = readAs(foundRefund, found).refund_status === "REFUND_SUCCESS";
    return { status: isDone ? "succeeded" : "pending", reference };
  }

  readNotice(body: Buffer, _headers: NoticeHeaders): ProviderNotice {
    const read = notice.safeParse(this.#client.verifiedNotice(body));
    if (!read.success) throw new SyntaxError("the notice has an unknown format");
    const {
      notify_id: eventId,
      trade_status: type,
      out_trade_no: reference,
      total_amount,
      gmt_payment,
    } = read.data;
    const about = { about: "payment", id: idOfTradeNumber(reference), reference } as const;
    const received = { amount: fen(total_amount), currency };
    switch (type) {
      case "TRADE_SUCCESS":
      case "TRADE_FINISHED":
        return { eventId, type, event: { ...about, ...received, status: "succeeded", reason: "" } };
      case "TRADE_CLOSED": {
        // A paid trade is closed when all of it is refunded.
        const reason = "Alipay closed it";
        const event = { ...about, ...received, status: "closed", reason } as const;
        return { eventId, type, event: gmt_payment === undefined ? event : undefined };
      }
      case "WAIT_BUYER_PAY":
        return { eventId, type, event: undefined };
    }
  }

  /** Undefined when Alipay has no such trade. */
  async #unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
    return asked.catch((error: unknown) => {
      if (error instanceof AlipayRefusal && error.subCode === "ACQ.TRADE_NOT_EXIST") return undefined;
      throw error;
    });
  }
}

function paid(reference: string, amount: string): PaidPayment {
  return { status: "succeeded", reference, amount: fen(amount), currency };
}

/** `24.95` */
function yuan(amount: number): string {
  return `${Math.trunc(amount / 100)}.${String(amount % 100).padStart(2, "0")}`;
}

function fen(amount: string): number {
  const [whole = "0", part = ""] = amount.split(".");
  return Number(whole) * 100 + Number(part.padEnd(2, "0"));
}

function readAs<T>(schema: z.ZodType<T>, answer: unknown): T {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  throw new ProviderUnreachable("Alipay's response has an unknown format", { timedOut: false });
}
