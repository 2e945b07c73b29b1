import type { ServiceBroker } from "moleculer";
import type { Config } from "../../../config/index.ts";
import { ConfigError } from "../../../config/index.ts";
import { manualProvider } from "./providers/manual.ts";
import { paymentProviders } from "./providers/index.ts";
import type {
  OnlinePaymentProvider,
  OpenProvider,
  PaymentProvider,
  SavedMethods,
} from "./provider-interface.ts";

/**
 * Sets up the enabled providers.
 *
 * @throws ConfigError when `PAYMENT_PROVIDERS` names an unknown one, or a setting is missing
 */
export function setUpProviders(config: Config): OpenProvider[] {
  return config.payments.providers.map((name) => {
    const definition = paymentProviders.find((provider) => provider.name === name);
    if (definition) return definition.setUp(config);
    const known = paymentProviders.map((provider) => provider.name).join(", ");
    throw new ConfigError(`bad setting: PAYMENT_PROVIDERS: ${name} is none of ${known}`);
  });
}

/** The enabled payment providers. */
export class PaymentProviders {
  readonly #providers: ReadonlyMap<string, PaymentProvider>;

  private constructor(providers: readonly PaymentProvider[]) {
    this.#providers = new Map(providers.map((provider) => [provider.name, provider]));
  }

  /** @throws ConfigError as `setUpProviders`, or when a provider rejects its settings */
  static async open(config: Config, broker: ServiceBroker): Promise<PaymentProviders> {
    return new PaymentProviders(await Promise.all(setUpProviders(config).map((open) => open(broker))));
  }

  async close(): Promise<void> {
    for (const provider of this.#providers.values()) await provider.disconnect?.();
  }

  get manual(): boolean {
    return this.#providers.has(manualProvider.name);
  }

  /** Undefined for a provider that is unknown, disabled or not online. */
  online(name: string): OnlinePaymentProvider | undefined {
    const provider = this.#providers.get(name);
    return provider && isOnline(provider) ? provider : undefined;
  }

  /** Undefined for a provider that is disabled or cannot save payment methods. */
  savedMethods(name: string): SavedMethods | undefined {
    return this.online(name)?.savedMethods;
  }

  /** Undefined while the provider is disabled; `manual` refunds even then. */
  forRefund(name: string): PaymentProvider | undefined {
    return name === manualProvider.name ? manualProvider : this.#providers.get(name);
  }
}

function isOnline(provider: PaymentProvider): provider is OnlinePaymentProvider {
  return "start" in provider;
}
