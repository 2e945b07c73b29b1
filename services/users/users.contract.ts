import { defineContract } from "../../mixins/contract/contract.ts";
import { apiKeyActions } from "./contract/api-keys.ts";
import { avatarActions, taskEvents } from "./contract/avatar.ts";
import { userEvents } from "./contract/events.ts";
import { guestActions, guestEvents } from "./contract/guests.ts";
import { forGateways } from "./contract/gateway.ts";
import { ownAccount } from "./contract/own-account.ts";
import { phones } from "./contract/phones.ts";
import { recipientActions } from "./contract/recipients.ts";
import { regionActions } from "./contract/regions.ts";
import { roleActions } from "./contract/roles.ts";
import { ownSessions } from "./contract/sessions.ts";
import { signingIn } from "./contract/signing-in.ts";
import { accountsOfAll } from "./contract/staff.ts";
import { twoFactorActions } from "./contract/two-factor.ts";

export { guestReach } from "./contract/guests.ts";

export const users = defineContract({
  name: "users",
  summary: "Accounts, sessions and addresses",
  consumes: [
    "users.mail-requested",
    "users.message-requested",
    "users.task-queued",
    "merchants.member-changed",
    "merchants.member-invited",
    "orders.payment-authentication-required",
    "orders.guest-placed",
  ],
  uses: { "cart.adopt": { cartId: null } },
  actions: {
    ...signingIn,
    ...ownAccount,
    ...phones,
    ...avatarActions,
    ...regionActions,
    ...ownSessions,
    ...twoFactorActions,
    ...accountsOfAll,
    ...roleActions,
    ...apiKeyActions,
    ...guestActions,
    ...forGateways,
    ...recipientActions,
  },
  events: { ...userEvents, ...guestEvents, ...taskEvents },
});

declare module "../../mixins/contract/registry.ts" {
  interface Contracts {
    users: typeof users;
  }
}
