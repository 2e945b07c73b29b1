import { runConformance } from "../support/payment-conformance/run-conformance.ts";
import { WechatConformance } from "../support/payment-conformance/wechat-provider.ts";

runConformance(new WechatConformance());
