import { defineContract } from "../contract/contract.ts";
import { apiKeyActions } from "./contract/api-keys.ts";
import { userEvents } from "./contract/events.ts";
import { forGateways } from "./contract/gateway.ts";
import { ownAccount } from "./contract/own-account.ts";
import { roleActions } from "./contract/roles.ts";
import { ownSessions } from "./contract/sessions.ts";
import { signingIn } from "./contract/signing-in.ts";
import { accountsOfAll } from "./contract/staff.ts";
import { twoFactorActions } from "./contract/two-factor.ts";

export const users = defineContract({
  name: "users",
  summary: "Accounts, sessions and addresses",
  consumes: ["users.mail-requested"],
  actions: {
    ...signingIn,
    ...ownAccount,
    ...ownSessions,
    ...twoFactorActions,
    ...accountsOfAll,
    ...roleActions,
    ...apiKeyActions,
    ...forGateways,
  },
  events: userEvents,
});
