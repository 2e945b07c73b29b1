import { defineService } from "../../mixins/service/define-service.ts";
import { adjustBalance } from "./actions/adjust-balance.action.ts";
import { createPayout } from "./actions/create-payout.action.ts";
import { getBalance } from "./actions/get-balance.action.ts";
import { getPayoutAccount } from "./actions/get-payout-account.action.ts";
import { getPayoutFile } from "./actions/get-payout-file.action.ts";
import { getPayout } from "./actions/get-payout.action.ts";
import { getStatement } from "./actions/get-statement.action.ts";
import { listBalances } from "./actions/list-balances.action.ts";
import { listLedger } from "./actions/list-ledger.action.ts";
import { listPayouts } from "./actions/list-payouts.action.ts";
import { listTransfers } from "./actions/list-transfers.action.ts";
import { putPayoutAccount } from "./actions/put-payout-account.action.ts";
import { settleTransfer } from "./actions/settle-transfer.action.ts";
import { invariants } from "./data/invariants.ts";
import { migrations } from "./data/migrations/index.ts";
import { lockForEvents } from "./events/lock-for-events.ts";
import { merchantsChanged } from "./events/merchants-changed.event.ts";
import { merchantsTermsChanged } from "./events/merchants-terms-changed.event.ts";
import { ordersPaid } from "./events/orders-paid.event.ts";
import { ordersReceived } from "./events/orders-received.event.ts";
import { ordersRefundRequested } from "./events/orders-refund-requested.event.ts";
import { releaseSales } from "./jobs/release-sales.job.ts";
import { settlements } from "./settlements.contract.ts";
import { settlementsDependencies } from "./settlements.dependencies.ts";

export default defineService(settlements, {
  migrations,
  invariants,
  dependencies: settlementsDependencies,
  lockForEvents,
  actions: [
    listBalances,
    getBalance,
    listLedger,
    getStatement,
    adjustBalance,
    createPayout,
    listPayouts,
    getPayout,
    getPayoutFile,
    settleTransfer,
    listTransfers,
    getPayoutAccount,
    putPayoutAccount,
  ],
  consumers: [merchantsChanged, merchantsTermsChanged, ordersPaid, ordersRefundRequested, ordersReceived],
  jobs: [releaseSales],
});
