import type { PaymentProviderDefinition } from "../provider-interface.ts";
import { alipay } from "./alipay.ts";
import { manual } from "./manual.ts";
import { sandbox } from "./sandbox.ts";
import { stripe } from "./stripe.ts";
import { wechat } from "./wechat.ts";

/** Available payment providers. */
export const paymentProviders: readonly PaymentProviderDefinition[] = [
  manual,
  sandbox,
  stripe,
  alipay,
  wechat,
];
