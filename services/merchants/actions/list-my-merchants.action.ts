import { action } from "../merchants.dependencies.ts";
import { presentMembership } from "../present.ts";

export const listMyMerchants = action("merchants.mine.list", async ({ caller }, { members }) => ({
  items: (await members.of(caller.userId)).map(presentMembership),
}));
