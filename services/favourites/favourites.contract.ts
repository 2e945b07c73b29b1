import { defineContract } from "../../mixins/contract/contract.ts";
import { favouriteEvents } from "./contract/events.ts";
import { favouriteOwners } from "./contract/owners.ts";
import { favouriteProducts } from "./contract/products.ts";

export const favourites = defineContract({
  name: "favourites",
  summary: "Products that customers want to find again",
  consumes: ["users.account-deleted"],
  needs: ["catalog"],
  actions: { ...favouriteProducts, ...favouriteOwners },
  events: favouriteEvents,
});

declare module "../../mixins/contract/registry.ts" {
  interface Contracts {
    favourites: typeof favourites;
  }
}
