import { defineService } from "../../mixins/shop-service.ts";
import { addAddress } from "./actions/add-address.action.ts";
import { changeAddress } from "./actions/change-address.action.ts";
import { checkSession } from "./actions/check-session.action.ts";
import { ensureAdministrator } from "./actions/ensure-administrator.action.ts";
import { getAddress } from "./actions/get-address.action.ts";
import { getMe } from "./actions/get-me.action.ts";
import { getUser } from "./actions/get-user.action.ts";
import { listAddresses } from "./actions/list-addresses.action.ts";
import { listUsers } from "./actions/list-users.action.ts";
import { login } from "./actions/login.action.ts";
import { logout } from "./actions/logout.action.ts";
import { publishKeys } from "./actions/publish-keys.action.ts";
import { refresh } from "./actions/refresh.action.ts";
import { register } from "./actions/register.action.ts";
import { removeAddress } from "./actions/remove-address.action.ts";
import { updateMe } from "./actions/update-me.action.ts";
import { updateUser } from "./actions/update-user.action.ts";
import { migrations } from "./data/migrations/index.ts";
import { usersDependencies } from "./users.dependencies.ts";
import { users } from "./users.contract.ts";
import { forgetOldSessions } from "./jobs/forget-old-sessions.job.ts";

export default defineService(users, {
  migrations,
  dependencies: usersDependencies,
  actions: [
    register,
    login,
    refresh,
    logout,
    getMe,
    updateMe,
    listAddresses,
    getAddress,
    addAddress,
    changeAddress,
    removeAddress,
    listUsers,
    getUser,
    updateUser,
    publishKeys,
    checkSession,
    ensureAdministrator,
  ],
  jobs: [forgetOldSessions],
});
