import { action } from "../merchants.dependencies.ts";
import { takeStep } from "../take-step.ts";

export const suspendMerchant = action("merchants.suspend", (context, dependencies) =>
  takeStep("suspend", context, dependencies),
);
