import type { PaymentProviderName } from "../../../config/env.ts";

/** How long a provider may take to answer; well within the time of a request. */
export const providerTimeoutMs = 4000;

/** A payment to be taken on. The amount is the order's, in minor units. */
export interface PaymentToStart {
  /** Ours; a second start under the same id must not make a second payment. */
  readonly id: string;
  readonly orderNumber: string;
  readonly amount: number;
  readonly currency: string;
}

/** What the customer's client does next. */
export type NextStep =
  | { readonly action: "redirect"; readonly url: string }
  | { readonly action: "confirm"; readonly clientSecret: string; readonly publishableKey: string | null };

export interface StartedPayment {
  /** The provider's name for it. */
  readonly reference: string;
  readonly next: NextStep;
}

export interface RefundToGive {
  /** Ours. */
  readonly id: string;
  /** A second call under the same key must not give the money a second time. */
  readonly key: string;
  /** The provider's name for the payment. */
  readonly paymentReference: string | null;
  readonly amount: number;
  /** Whether an earlier try may have got through: a provider that forgets keys looks before it gives. */
  readonly triedBefore: boolean;
}

export type RefundOutcome =
  | { readonly status: "succeeded"; readonly reference: string | null }
  /** The provider takes its time and tells later. */
  | { readonly status: "pending"; readonly reference: string }
  /** The provider said no, for good. */
  | { readonly status: "failed"; readonly reference: string | null; readonly reason: string };

/** A way to pay. Its calls happen outside any transaction. */
export interface PaymentProvider {
  readonly name: PaymentProviderName;
  /** @throws ProviderUnreachable when nobody can tell what came of it */
  refund(refund: RefundToGive): Promise<RefundOutcome>;
}

/** A provider at which customers pay by themselves, and which tells what came of it. */
export interface OnlinePaymentProvider extends PaymentProvider {
  /** @throws ProviderRefusal, ProviderUnreachable */
  start(payment: PaymentToStart): Promise<StartedPayment>;
  /**
   * @param body as it arrived, for that is what is signed
   * @param signature the value of the provider's signature header
   * @throws InvalidSignature, SyntaxError when it is signed and cannot be read all the same
   */
  readNotice(body: Buffer, signature: string | undefined, now: number): ProviderNotice;
}

/** What a provider tells by itself. It may come late, twice and in any order. */
export interface ProviderNotice {
  readonly eventId: string;
  readonly type: string;
  /** Undefined for what is of no interest here. */
  readonly news: PaymentNews | RefundNews | undefined;
}

export interface PaymentNews {
  readonly about: "payment";
  /** Ours, if the provider has it. */
  readonly id: string | undefined;
  readonly reference: string;
  readonly status: "succeeded" | "failed";
  /** What came in, in minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly reason: string;
}

export interface RefundNews {
  readonly about: "refund";
  /** Ours, if the provider has it. */
  readonly id: string | undefined;
  readonly reference: string;
  readonly status: "succeeded" | "failed";
  readonly reason: string;
}

/** The provider understood and said no; asking again changes nothing. The message is for people. */
export class ProviderRefusal extends Error {
  override name = "ProviderRefusal";
}

/** It did not answer, or not so that one could tell what it did. */
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
