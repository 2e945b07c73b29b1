import { runConformance } from "../support/payment-conformance/run-conformance.ts";
import { AlipayConformance } from "../support/payment-conformance/alipay-provider.ts";

runConformance(new AlipayConformance());
