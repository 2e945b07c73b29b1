import { defineService } from "../../mixins/service/define-service.ts";
import { collectFiles } from "../../mixins/media/collect-files.job.ts";
import { makeRenditions } from "../../mixins/media/render-image.task.ts";
import { taskHandlers } from "../../mixins/tasks/task-actions.ts";
import { acceptInvitation } from "./actions/accept-invitation.action.ts";
import { applyAsMerchant } from "./actions/apply-as-merchant.action.ts";
import { approveMerchant } from "./actions/approve-merchant.action.ts";
import { closeMerchant } from "./actions/close-merchant.action.ts";
import { declineInvitation } from "./actions/decline-invitation.action.ts";
import { followMerchant } from "./actions/follow-merchant.action.ts";
import { getMerchant } from "./actions/get-merchant.action.ts";
import { getProfile } from "./actions/get-profile.action.ts";
import { getTerms } from "./actions/get-terms.action.ts";
import { inviteMember } from "./actions/invite-member.action.ts";
import { leaveMerchant } from "./actions/leave-merchant.action.ts";
import { listFollowed } from "./actions/list-followed.action.ts";
import { listInvitations } from "./actions/list-invitations.action.ts";
import { listMembers } from "./actions/list-members.action.ts";
import { listMerchants } from "./actions/list-merchants.action.ts";
import { listMyInvitations } from "./actions/list-my-invitations.action.ts";
import { listMyMerchants } from "./actions/list-my-merchants.action.ts";
import { rejectMerchant } from "./actions/reject-merchant.action.ts";
import { removeLogo } from "./actions/remove-logo.action.ts";
import { removeMember } from "./actions/remove-member.action.ts";
import { resumeMerchant } from "./actions/resume-merchant.action.ts";
import { setLogo } from "./actions/set-logo.action.ts";
import { setTerms } from "./actions/set-terms.action.ts";
import { suspendMerchant } from "./actions/suspend-merchant.action.ts";
import { unfollowMerchant } from "./actions/unfollow-merchant.action.ts";
import { updateMember } from "./actions/update-member.action.ts";
import { updateMerchant } from "./actions/update-merchant.action.ts";
import { withdrawInvitation } from "./actions/withdraw-invitation.action.ts";
import { invariants } from "./data/invariants.ts";
import { migrations } from "./data/migrations/index.ts";
import { endMemberships } from "./events/account-deleted.event.ts";
import { countProducts } from "./events/catalog-changed.event.ts";
import { merchantRated } from "./events/merchant-rated.event.ts";
import { removeExpiredInvitations } from "./jobs/remove-expired-invitations.job.ts";
import { merchants } from "./merchants.contract.ts";
import { merchantsDependencies } from "./merchants.dependencies.ts";

export default defineService(merchants, {
  migrations,
  invariants,
  dependencies: merchantsDependencies,
  actions: [
    listMerchants,
    getMerchant,
    applyAsMerchant,
    getProfile,
    updateMerchant,
    approveMerchant,
    rejectMerchant,
    suspendMerchant,
    resumeMerchant,
    closeMerchant,
    setLogo,
    removeLogo,
    listMembers,
    inviteMember,
    updateMember,
    removeMember,
    listInvitations,
    withdrawInvitation,
    listMyMerchants,
    leaveMerchant,
    listMyInvitations,
    acceptInvitation,
    declineInvitation,
    getTerms,
    setTerms,
    listFollowed,
    followMerchant,
    unfollowMerchant,
    ...taskHandlers(merchants, "merchants"),
  ],
  consumers: [endMemberships, countProducts, merchantRated],
  jobs: [removeExpiredInvitations, collectFiles],
  tasks: [makeRenditions],
});
