import { runConformance } from "../support/payment-conformance/run-conformance.ts";
import { SandboxConformance } from "../support/payment-conformance/sandbox-provider.ts";

runConformance(new SandboxConformance());
