import { viewed, viewHints } from "../../mixins/contract/views.ts";
import { defineService } from "../../mixins/service/define-service.ts";
import { clearViews } from "./actions/clear-views.action.ts";
import { listViews } from "./actions/list-views.action.ts";
import { recordView } from "./actions/record-view.action.ts";
import { removeView } from "./actions/remove-view.action.ts";
import { browsingHistory } from "./browsing-history.contract.ts";
import { historyDependencies } from "./browsing-history.dependencies.ts";
import { invariants } from "./data/invariants.ts";
import { migrations } from "./data/migrations/index.ts";
import { accountDeleted } from "./events/account-deleted.event.ts";
import { historySettingChanged } from "./events/history-setting-changed.event.ts";

export default defineService(browsingHistory, {
  migrations,
  invariants,
  dependencies: historyDependencies,
  release: ({ recorder }) => recorder.flush(),
  actions: [listViews, recordView, removeView, clearViews],
  consumers: [accountDeleted, historySettingChanged],
  hints: {
    [viewed]: (payload, { recorder }) => {
      const hints = viewHints.safeParse(payload);
      if (hints.success) recorder.add(hints.data.views);
    },
  },
});
