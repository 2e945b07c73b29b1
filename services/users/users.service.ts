import { collectFiles } from "../../mixins/media/collect-files.job.ts";
import { makeRenditions } from "../../mixins/media/render-image.task.ts";
import { defineService } from "../../mixins/service/define-service.ts";
import { taskHandlers } from "../../mixins/tasks/task-actions.ts";
import { addAddress } from "./actions/add-address.action.ts";
import { beginTwoFactor } from "./actions/begin-two-factor.action.ts";
import { changeAddress } from "./actions/change-address.action.ts";
import { changeEmail } from "./actions/change-email.action.ts";
import { changePassword } from "./actions/change-password.action.ts";
import { checkApiKey } from "./actions/check-api-key.action.ts";
import { checkDeviceToken } from "./actions/check-device-token.action.ts";
import { checkSession } from "./actions/check-session.action.ts";
import { confirmTwoFactor } from "./actions/confirm-two-factor.action.ts";
import { createApiKey } from "./actions/create-api-key.action.ts";
import { createRole } from "./actions/create-role.action.ts";
import { deleteMe } from "./actions/delete-me.action.ts";
import { disableTwoFactor } from "./actions/disable-two-factor.action.ts";
import { endOtherSessions } from "./actions/end-other-sessions.action.ts";
import { endSession } from "./actions/end-session.action.ts";
import { ensureAdministrator } from "./actions/ensure-administrator.action.ts";
import { finishLogin } from "./actions/finish-login.action.ts";
import { getAddress } from "./actions/get-address.action.ts";
import { getApiKey } from "./actions/get-api-key.action.ts";
import { getMe } from "./actions/get-me.action.ts";
import { getRole } from "./actions/get-role.action.ts";
import { getTwoFactor } from "./actions/get-two-factor.action.ts";
import { getUser } from "./actions/get-user.action.ts";
import { listAddresses } from "./actions/list-addresses.action.ts";
import { listApiKeys } from "./actions/list-api-keys.action.ts";
import { listRegions } from "./actions/list-regions.action.ts";
import { listRegionsBelow } from "./actions/list-regions-below.action.ts";
import { listRoles } from "./actions/list-roles.action.ts";
import { listSessions } from "./actions/list-sessions.action.ts";
import { listSignIns } from "./actions/list-sign-ins.action.ts";
import { listUsers } from "./actions/list-users.action.ts";
import { login } from "./actions/login.action.ts";
import { lookUpRecipients } from "./actions/look-up-recipients.action.ts";
import { logout } from "./actions/logout.action.ts";
import { publishKeys } from "./actions/publish-keys.action.ts";
import { refresh } from "./actions/refresh.action.ts";
import { register } from "./actions/register.action.ts";
import { requestPhoneVerification } from "./actions/request-phone-verification.action.ts";
import { confirmPhoneVerification } from "./actions/confirm-phone-verification.action.ts";
import { removePhone } from "./actions/remove-phone.action.ts";
import { requestPhoneCode } from "./actions/request-phone-code.action.ts";
import { loginByPhoneCode } from "./actions/login-by-phone-code.action.ts";
import { removeAddress } from "./actions/remove-address.action.ts";
import { removeAvatar } from "./actions/remove-avatar.action.ts";
import { removeRole } from "./actions/remove-role.action.ts";
import { renewRecoveryCodes } from "./actions/renew-recovery-codes.action.ts";
import { requestEmailVerification } from "./actions/request-email-verification.action.ts";
import { requestPasswordReset } from "./actions/request-password-reset.action.ts";
import { resetTwoFactor } from "./actions/reset-two-factor.action.ts";
import { revokeApiKey } from "./actions/revoke-api-key.action.ts";
import { rotateSigningKeysNow } from "./actions/rotate-signing-keys.action.ts";
import { setAvatar } from "./actions/set-avatar.action.ts";
import { stepUp } from "./actions/step-up.action.ts";
import { updateMe } from "./actions/update-me.action.ts";
import { updateRole } from "./actions/update-role.action.ts";
import { updateUser } from "./actions/update-user.action.ts";
import { useEmailVerification } from "./actions/use-email-verification.action.ts";
import { usePasswordReset } from "./actions/use-password-reset.action.ts";
import { withdrawSigningKey } from "./actions/withdraw-signing-key.action.ts";
import { invariants } from "./data/invariants.ts";
import { migrations } from "./data/migrations/index.ts";
import { usersDependencies } from "./users.dependencies.ts";
import { users } from "./users.contract.ts";
import { checkOrderToken } from "./actions/check-order-token.action.ts";
import { deleteGuest } from "./actions/delete-guest.action.ts";
import { getContact } from "./actions/get-contact.action.ts";
import { getGuest } from "./actions/get-guest.action.ts";
import { grantGuestAccess } from "./actions/grant-guest-access.action.ts";
import { identifyGuest } from "./actions/identify-guest.action.ts";
import { requestOrderAccess } from "./actions/request-order-access.action.ts";
import { mailOrderLink } from "./events/orders-guest-placed.event.ts";
import { removeOldGuests } from "./jobs/remove-old-guests.job.ts";
import { merchantsMemberChanged } from "./events/merchants-member-changed.event.ts";
import { merchantsMemberInvited } from "./events/merchants-member-invited.event.ts";
import { encryptSecrets } from "./jobs/encrypt-secrets.job.ts";
import { removeOldMail } from "./jobs/remove-old-mail.job.ts";
import { removeOldSessions } from "./jobs/remove-old-sessions.job.ts";
import { rotateSigningKeys } from "./jobs/rotate-signing-keys.job.ts";
import { removeOldMessages } from "./jobs/remove-old-messages.job.ts";
import { sendMessage } from "./jobs/send-message.job.ts";
import { tellOfAuthentication } from "./events/payment-authentication-required.event.ts";
import { sendMail } from "./jobs/send-mail.job.ts";

export default defineService(users, {
  migrations,
  invariants,
  dependencies: usersDependencies,
  release: ({ releaseHashingThread }) => releaseHashingThread(),
  actions: [
    register,
    login,
    finishLogin,
    refresh,
    logout,
    stepUp,
    requestPasswordReset,
    usePasswordReset,
    requestEmailVerification,
    useEmailVerification,
    getMe,
    updateMe,
    changePassword,
    changeEmail,
    deleteMe,
    requestPhoneVerification,
    confirmPhoneVerification,
    removePhone,
    requestPhoneCode,
    loginByPhoneCode,
    setAvatar,
    removeAvatar,
    ...taskHandlers(users, "users"),
    listSessions,
    endSession,
    endOtherSessions,
    listSignIns,
    getTwoFactor,
    beginTwoFactor,
    confirmTwoFactor,
    renewRecoveryCodes,
    disableTwoFactor,
    resetTwoFactor,
    listAddresses,
    getAddress,
    addAddress,
    changeAddress,
    removeAddress,
    listRegions,
    listRegionsBelow,
    listUsers,
    getUser,
    updateUser,
    listRoles,
    getRole,
    createRole,
    updateRole,
    removeRole,
    listApiKeys,
    getApiKey,
    createApiKey,
    revokeApiKey,
    checkApiKey,
    publishKeys,
    rotateSigningKeysNow,
    withdrawSigningKey,
    checkSession,
    lookUpRecipients,
    checkDeviceToken,
    ensureAdministrator,
    identifyGuest,
    grantGuestAccess,
    checkOrderToken,
    getContact,
    requestOrderAccess,
    getGuest,
    deleteGuest,
  ],
  consumers: [merchantsMemberChanged, merchantsMemberInvited, tellOfAuthentication, mailOrderLink],
  jobs: [
    sendMail,
    sendMessage,
    removeOldMail,
    removeOldGuests,
    removeOldMessages,
    removeOldSessions,
    rotateSigningKeys,
    encryptSecrets,
    collectFiles,
  ],
  tasks: [makeRenditions],
});
