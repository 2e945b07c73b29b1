import { defineService } from "../../mixins/service/define-service.ts";
import { countUnread } from "./actions/count-unread.action.ts";
import { getPreferences } from "./actions/get-preferences.action.ts";
import { getTemplate } from "./actions/get-template.action.ts";
import { listInbox } from "./actions/list-inbox.action.ts";
import { previewTemplate } from "./actions/preview-template.action.ts";
import { putPreferences } from "./actions/put-preferences.action.ts";
import { putTemplate } from "./actions/put-template.action.ts";
import { readAll } from "./actions/read-all.action.ts";
import { readNotification } from "./actions/read-notification.action.ts";
import { summarize } from "./actions/summarize.action.ts";
import { unsubscribe } from "./actions/unsubscribe.action.ts";
import { notificationMetrics } from "./business-metrics.ts";
import { invariants } from "./data/invariants.ts";
import { migrations } from "./data/migrations/index.ts";
import { accountDeleted } from "./events/account-deleted.event.ts";
import {
  afterSaleApproved,
  afterSaleMessageAdded,
  afterSaleMoved,
  afterSaleRefunded,
} from "./events/after-sale-events.event.ts";
import { stockChanged, variantChanged } from "./events/catalogue-events.event.ts";
import {
  orderDelivered,
  orderPaid,
  orderPlaced,
  orderRefunded,
  orderShipped,
} from "./events/order-events.event.ts";
import { apiKeyCreated, loggedIn } from "./events/security-events.event.ts";
import { announceProducts } from "./jobs/announce-products.job.ts";
import { removeOldNotifications } from "./jobs/remove-old-notifications.job.ts";
import { sendMail } from "./jobs/send-mail.job.ts";
import { sendSms } from "./jobs/send-sms.job.ts";
import { notifications } from "./notifications.contract.ts";
import { notificationsDependencies } from "./notifications.dependencies.ts";

export default defineService(notifications, {
  migrations,
  invariants,
  dependencies: notificationsDependencies,
  businessMetrics: notificationMetrics,
  actions: [
    listInbox,
    countUnread,
    readNotification,
    readAll,
    getPreferences,
    putPreferences,
    unsubscribe,
    getTemplate,
    putTemplate,
    previewTemplate,
    summarize,
  ],
  consumers: [
    orderPlaced,
    orderPaid,
    orderShipped,
    orderDelivered,
    orderRefunded,
    afterSaleApproved,
    afterSaleMoved,
    afterSaleRefunded,
    afterSaleMessageAdded,
    loggedIn,
    apiKeyCreated,
    variantChanged,
    stockChanged,
    accountDeleted,
  ],
  jobs: [sendMail, sendSms, announceProducts, removeOldNotifications],
});
