import { defineContract } from "../../mixins/contract/contract.ts";
import { followerActions } from "./contract/followers.ts";
import { memberActions, memberEvents } from "./contract/members.ts";
import { merchantActions, merchantEvents } from "./contract/merchants.ts";
import { termsActions, termsEvents } from "./contract/terms.ts";

export { merchantStatus, merchantStatuses } from "./contract/fields.ts";
export type { MerchantStatus } from "./contract/fields.ts";

export const merchants = defineContract({
  name: "merchants",
  summary: "Merchants that sell in the mall, and their members",
  needs: ["users"],
  consumes: ["users.account-deleted", "merchants.task-queued", "catalog.changed", "reviews.merchant-rated"],
  actions: { ...merchantActions, ...memberActions, ...termsActions, ...followerActions },
  events: { ...merchantEvents, ...memberEvents, ...termsEvents },
});

declare module "../../mixins/contract/registry.ts" {
  interface Contracts {
    merchants: typeof merchants;
  }
}
