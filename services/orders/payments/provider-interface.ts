import type { ServiceBroker } from "moleculer";
import type { z } from "zod";
import type { Config } from "../../../config/index.ts";
import type { Acknowledgement } from "../../../mixins/contract/contract.ts";

/** Life of a payment's link at a provider that can end it. */
export const linkLifeMs = 2 * 3_600_000;

/** Timeout of a provider's call, well within a request's deadline. */
export const providerTimeoutMs = 4000;

/** A payment to start. The amount is the order's, in minor units. */
export interface ProviderPaymentRequest {
  /** The shop's id; a second start with it must not create a second payment. */
  readonly id: string;
  readonly orderNumber: string;
  readonly amount: number;
  readonly currency: string;
  /** The payment's link must end then, where the provider can end it (ms since the Unix epoch). */
  readonly expiresAt: number;
  /** Where the customer is; undefined: a browser on a desk. */
  readonly via?: PaymentVia | undefined;
  /** The customer's id at the provider, for a payment in its own app's browser. */
  readonly payerId?: string | undefined;
  /** The customer's address, which some providers want for a payment in a phone's browser. */
  readonly address?: string | null;
}

export type PaymentVia = "desktop" | "phone" | "code" | "app-browser";

/** Next step of the customer's client. */
export type NextStep =
  | { readonly action: "redirect"; readonly url: string }
  | { readonly action: "confirm"; readonly clientSecret: string; readonly publishableKey: string | null }
  /** A code that the provider's app scans. */
  | { readonly action: "show-code"; readonly code: string }
  /** Parameters of the provider's script, in the browser of its own app. */
  | { readonly action: "invoke"; readonly parameters: Readonly<Record<string, string>> };

export interface StartedPayment {
  /** The provider's id of it; the shop's where the provider takes that. */
  readonly reference: string;
  readonly next: NextStep;
}

/** A payment method that the provider keeps. Card numbers never reach the shop. */
export interface KeptMethod {
  /** The provider's id of it. */
  readonly token: string;
  /** A card's brand, otherwise the kind of method: `visa`, `sepa_debit`. */
  readonly brand: string | null;
  readonly lastFour: string | null;
  readonly expiryMonth: number | null;
  readonly expiryYear: number | null;
}

export type SetupState =
  /** `failure`: of the customer's last attempt; there may be another one. */
  | { readonly status: "pending"; readonly failure: string | null }
  | { readonly status: "succeeded"; readonly method: KeptMethod }
  /** It cannot succeed any more. */
  | { readonly status: "ended"; readonly reason: string };

/** A charge of a kept payment method. */
export interface ChargeRequest extends Pick<
  ProviderPaymentRequest,
  "id" | "orderNumber" | "amount" | "currency"
> {
  /** See `SavedMethods.openAccount`. */
  readonly account: string;
  readonly token: string;
  /** The customer is absent: nobody can follow a next step. */
  readonly offSession: boolean;
}

/** `reference`: the provider's id of the payment. */
export type ChargeOutcome =
  /** Received, in minor units. */
  | {
      readonly status: "succeeded";
      readonly reference: string;
      readonly amount: number;
      readonly currency: string;
    }
  /** Accepted; the provider reports the result later. */
  | { readonly status: "pending"; readonly reference: string }
  | { readonly status: "declined"; readonly reference: string | null; readonly reason: string }
  /** Nothing is charged until the customer takes the next step; it is null off-session. */
  | {
      readonly status: "authentication-required";
      readonly reference: string | null;
      readonly reason: string;
      readonly next: NextStep | null;
    };

/**
 * Saving of payment methods at a provider. Calls happen outside transactions; all throw `ProviderRefusal` and
 * `ProviderUnreachable`.
 */
export interface SavedMethods {
  /**
   * Opens the customer's account at the provider.
   *
   * @param customerId the shop's id; a second call with it should return the same account
   * @returns the provider's id of it
   */
  openAccount(customerId: string): Promise<string>;
  /**
   * Starts saving a payment method. Its finish is told by a `SetupEvent`.
   *
   * @param id the shop's; a second start with it must not create a second setup
   */
  startSetup(setup: { readonly id: string; readonly account: string }): Promise<StartedPayment>;
  /** @param reference the provider's id of the setup */
  readSetup(reference: string): Promise<SetupState>;
  /**
   * What the provider keeps now; undefined when it is detached or gone. Absent where it reports no changes of
   * details.
   */
  readMethod?(token: string): Promise<KeptMethod | undefined>;
  /** Up to a hundred tokens of the account. */
  list(account: string): Promise<readonly string[]>;
  /** Detaches a payment method, so that it can be charged no more. Succeeds for one that is detached or gone. */
  detach(token: string): Promise<void>;
  /** A second charge with the same id must not charge again. */
  charge(charge: ChargeRequest): Promise<ChargeOutcome>;
}

/** A payment that was started, or may have been. */
export interface OpenPayment {
  /** The shop's id. */
  readonly id: string;
  /** The provider's id; null when the response to its start was lost, or never came. */
  readonly reference: string | null;
  readonly amount: number;
  readonly currency: string;
}

/** `reference`: the provider's id of the payment. */
export type PaymentState =
  /** It can still succeed. `failure`: of the customer's last attempt. */
  | { readonly status: "pending"; readonly reference: string | null; readonly failure: string | null }
  | PaidPayment
  /** It cannot succeed any more. */
  | { readonly status: "closed"; readonly reference: string | null; readonly reason: string }
  /** The provider has no such payment; its start may be under way. */
  | { readonly status: "unknown" };

/** Received, in minor units. */
export interface PaidPayment {
  readonly status: "succeeded";
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
}

export type CloseOutcome =
  /**
   * No payment can succeed under it any more. `linkIsOpen`: the provider knows no such payment yet, and nothing to
   * close, but the customer's link makes one until it expires.
   */
  | { readonly status: "closed"; readonly linkIsOpen?: true }
  /** It was paid before. */
  | PaidPayment
  /** The customer's bank is at work on it: it can be neither closed nor counted yet. */
  | { readonly status: "processing" };

export interface ProviderRefundRequest {
  /** The shop's id. */
  readonly id: string;
  /** Idempotency key: a second call with it must not refund twice. */
  readonly key: string;
  /** The provider's id of the payment. */
  readonly paymentReference: string | null;
  /** The shop's id of the payment, its amount, and the refund's currency, which is the payment's. */
  readonly payment: { readonly id: string; readonly amount: number; readonly currency: string };
  readonly amount: number;
  /** True when an earlier attempt may have succeeded: a provider that expires keys must look it up first. */
  readonly isRetry: boolean;
}

export type RefundOutcome =
  | { readonly status: "succeeded"; readonly reference: string | null }
  /** Accepted; the provider reports the result later. */
  | { readonly status: "pending"; readonly reference: string }
  /** Refused for good. */
  | { readonly status: "failed"; readonly reference: string | null; readonly reason: string };

/** A payment method. Calls happen outside transactions. */
export interface PaymentProvider {
  readonly name: string;
  /** @throws ProviderUnreachable when the outcome is unknown */
  refund(refund: ProviderRefundRequest): Promise<RefundOutcome>;
  /** Closes its connections. */
  disconnect?(): Promise<void>;
}

/** A provider where customers pay online and which reports results by webhook. */
export interface OnlinePaymentProvider extends PaymentProvider {
  /** Absent: the provider cannot save payment methods, or the shop does not use it. */
  readonly savedMethods?: SavedMethods;
  /** ISO 4217 codes of the currencies that it takes; absent: any. */
  readonly currencies?: readonly string[];
  /** @throws ProviderRefusal, ProviderUnreachable */
  start(payment: ProviderPaymentRequest): Promise<StartedPayment>;
  /**
   * What the provider knows of a payment, since notices can be lost.
   *
   * @throws ProviderUnreachable
   */
  query(payment: OpenPayment): Promise<PaymentState>;
  /**
   * Closes a payment, so that none can succeed under it; succeeds for one that is closed, or was never started.
   *
   * @throws ProviderUnreachable
   */
  close(payment: OpenPayment): Promise<CloseOutcome>;
  /**
   * @param body the raw body, which is what is signed
   * @param headers the definition's `signatureHeaders` by their lower-case names, as far as they were sent
   * @throws InvalidSignature, SyntaxError for a signed but unreadable notification
   */
  readNotice(body: Buffer, headers: NoticeHeaders, now: number): ProviderNotice;
}

export type NoticeHeaders = Readonly<Record<string, string | undefined>>;

export type OpenProvider = (broker: ServiceBroker) => Promise<PaymentProvider>;

/** Static definition of a provider. */
export interface PaymentProviderDefinition {
  /** Its name in `PAYMENT_PROVIDERS`, in requests and in the webhook path: at most 20 characters. */
  readonly name: string;
  /** HTTP headers that sign the webhooks; empty where the body has the signature; absent: no webhooks. */
  readonly signatureHeaders?: readonly string[];
  /** Response that the provider expects to a webhook; absent: any of status 200. */
  readonly acknowledgement?: Acknowledgement;
  /** Its environment variables. */
  readonly settings: z.ZodObject;
  /**
   * Reads the settings when a node that runs `orders` is created, before the start.
   *
   * @throws ConfigError naming a missing or wrong setting
   */
  setUp(config: Config): OpenProvider;
}

/** A provider's notification. It may arrive late, twice and in any order. */
export interface ProviderNotice {
  readonly eventId: string;
  readonly type: string;
  /** Undefined for irrelevant events. */
  readonly event: ProviderEvent | undefined;
}

export type ProviderEvent = PaymentEvent | RefundEvent | SetupEvent | MethodEvent | MethodDetailsEvent;

export interface PaymentEvent {
  readonly about: "payment";
  /** The shop's id, if the provider has it. */
  readonly id: string | undefined;
  readonly reference: string;
  /** `failed`: the customer may try again; `closed`: it cannot succeed any more. */
  readonly status: "succeeded" | "failed" | "closed";
  /** Received amount in minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly reason: string;
}

export interface RefundEvent {
  readonly about: "refund";
  /** The shop's id, if the provider has it. */
  readonly id: string | undefined;
  readonly reference: string;
  readonly status: "succeeded" | "failed";
  readonly reason: string;
}

/** Something happened to a setup; the shop then reads its state. */
export interface SetupEvent {
  readonly about: "setup";
  /** The shop's id, if the provider has it. */
  readonly id: string | undefined;
  readonly reference: string;
}

/** A payment method was detached at the provider. */
export interface MethodEvent {
  readonly about: "method";
  /** Its token. */
  readonly reference: string;
}

/** Details of a payment method, such as a card's expiry, changed at the provider; the shop then reads them. */
export interface MethodDetailsEvent {
  readonly about: "method-details";
  /** Its token. */
  readonly reference: string;
}

/** The provider refused; retrying does not help. The message is for people. */
export class ProviderRefusal extends Error {
  override name = "ProviderRefusal";
}

/** The provider did not respond, or its response leaves the outcome unknown. */
export class ProviderUnreachable extends Error {
  override name = "ProviderUnreachable";
  readonly timedOut: boolean;

  constructor(message: string, { timedOut, cause }: { timedOut: boolean; cause?: unknown }) {
    super(message, { cause });
    this.timedOut = timedOut;
  }
}

export class InvalidSignature extends Error {
  override name = "InvalidSignature";
}
