import { collectFiles } from "../../mixins/media/collect-files.job.ts";
import { makeRenditions } from "../../mixins/media/render-image.task.ts";
import { defineService } from "../../mixins/service/define-service.ts";
import { taskHandlers } from "../../mixins/tasks/task-actions.ts";
import { addMessageImage } from "./actions/add-message-image.action.ts";
import { addMessage } from "./actions/add-message.action.ts";
import { addRequestImage } from "./actions/add-request-image.action.ts";
import { approveRequest } from "./actions/approve-request.action.ts";
import { countMine } from "./actions/count-mine.action.ts";
import { countRequests } from "./actions/count-requests.action.ts";
import { createRequest } from "./actions/create-request.action.ts";
import { decideDispute } from "./actions/decide-dispute.action.ts";
import { escalateRequest } from "./actions/escalate-request.action.ts";
import { getRequest } from "./actions/get-request.action.ts";
import { getTimeline } from "./actions/get-timeline.action.ts";
import { listMessages } from "./actions/list-messages.action.ts";
import { listMine } from "./actions/list-mine.action.ts";
import { listOfOrder } from "./actions/list-of-order.action.ts";
import { listRequests } from "./actions/list-requests.action.ts";
import { receiveGoods } from "./actions/receive-goods.action.ts";
import { rejectRequest } from "./actions/reject-request.action.ts";
import { sendBack } from "./actions/send-back.action.ts";
import { sendReplacement } from "./actions/send-replacement.action.ts";
import { settleReplacements } from "./actions/settle-replacements.action.ts";
import { withdrawRequest } from "./actions/withdraw-request.action.ts";
import { afterSales } from "./after-sales.contract.ts";
import { afterSalesDependencies } from "./after-sales.dependencies.ts";
import { invariants } from "./data/invariants.ts";
import { migrations } from "./data/migrations/index.ts";
import { noteDeletedCustomer } from "./events/account-deleted.event.ts";
import { endStatuses } from "./jobs/end-statuses.job.ts";
import { eraseTexts } from "./jobs/erase-texts.job.ts";
import { giveRefunds } from "./jobs/give-refunds.job.ts";
import { tellOrdersOfAfterSales } from "./jobs/tell-orders.job.ts";

export default defineService(afterSales, {
  migrations,
  invariants,
  dependencies: afterSalesDependencies,
  actions: [
    createRequest,
    listOfOrder,
    listMine,
    countMine,
    listRequests,
    countRequests,
    getRequest,
    getTimeline,
    withdrawRequest,
    escalateRequest,
    sendBack,
    approveRequest,
    rejectRequest,
    receiveGoods,
    sendReplacement,
    decideDispute,
    settleReplacements,
    addRequestImage,
    listMessages,
    addMessage,
    addMessageImage,
    ...taskHandlers(afterSales, "after-sales"),
  ],
  consumers: [noteDeletedCustomer],
  jobs: [endStatuses, giveRefunds, tellOrdersOfAfterSales, eraseTexts, collectFiles],
  tasks: [makeRenditions],
});
