import type { PaymentProviderName } from "../../../config/env.ts";
import type { PaymentsConfig } from "../../../config/payments.ts";
import { manualProvider } from "./manual-provider.ts";
import type { OnlinePaymentProvider, PaymentProvider } from "./provider.ts";
import { sandboxInTheBox } from "./sandbox/sandbox-in-the-box.ts";
import { SandboxProvider } from "./sandbox/sandbox-provider.ts";

/** The ways to pay that are switched on. */
export class PaymentProviders {
  readonly #online = new Map<PaymentProviderName, OnlinePaymentProvider>();
  readonly #manual: boolean;

  private constructor(manual: boolean) {
    this.#manual = manual;
  }

  /** @param nodeId of the node whose sandbox in the box is meant, when there is one */
  static async open({ providers, sandbox, stripe }: PaymentsConfig, nodeId: string): Promise<PaymentProviders> {
    const opened = new PaymentProviders(providers.includes("manual"));
    if (sandbox) {
      const { url, apiKey, webhookSecret } = sandbox;
      opened.add(new SandboxProvider({ url: () => url ?? sandboxInTheBox(nodeId), apiKey, webhookSecret }));
    }
    if (stripe) {
      // Its library is large, and most shops do without.
      const { StripeProvider } = await import("./stripe-provider.ts");
      opened.add(new StripeProvider(stripe));
    }
    return opened;
  }

  add(provider: OnlinePaymentProvider): void {
    this.#online.set(provider.name, provider);
  }

  get manual(): boolean {
    return this.#manual;
  }

  online(name: PaymentProviderName): OnlinePaymentProvider | undefined {
    return this.#online.get(name);
  }

  /** Who gives money back: what was paid by hand goes back by hand, also when that is switched off by now. */
  forRefund(name: PaymentProviderName): PaymentProvider | undefined {
    return name === "manual" ? manualProvider : this.#online.get(name);
  }
}
