import { consumersOf } from "../../mixins/events/consumer.ts";
import { actionsOf } from "../../mixins/service/action-runtime.ts";
import type { ServiceEnvironment } from "../../mixins/service/define-service.ts";
import { HistoryRepository } from "./data/history-repository.ts";
import { ViewRecorder } from "./view-recorder.ts";

/** Dependencies of this service's handlers. */
export interface HistoryDependencies {
  readonly history: HistoryRepository;
  readonly recorder: ViewRecorder;
}

const origin = { actor: { kind: "system", id: "browsing-history" }, requestId: "views" } as const;

export function historyDependencies({ database, log }: ServiceEnvironment): HistoryDependencies {
  const history = new HistoryRepository(database);
  const recorder = new ViewRecorder(
    (views) => database.transaction(origin, (tx) => history.record(views, tx)),
    (error) => log.warn("views were not recorded", error),
  );
  return { history, recorder };
}

export const action = actionsOf<HistoryDependencies>();
export const on = consumersOf<HistoryDependencies>();
