import { runConformance } from "../support/payment-conformance/run-conformance.ts";
import { StripeConformance } from "../support/payment-conformance/stripe-provider.ts";

runConformance(new StripeConformance());
