import { defineStatelessService } from "../../mixins/service/define-stateless-service.ts";
import { describeCache } from "./actions/describe-cache.action.ts";
import { describeNode } from "./actions/describe-node.action.ts";
import { listDeadLetters } from "./actions/list-dead-letters.action.ts";
import { listReplicas } from "./actions/list-replicas.action.ts";
import { resendEvents } from "./actions/resend-events.action.ts";
import { removeDeadLetter } from "./actions/remove-dead-letter.action.ts";
import { replayDeadLetters } from "./actions/replay-dead-letters.action.ts";
import { operations } from "./operations.contract.ts";
import { operationsDependencies } from "./operations.dependencies.ts";

export default defineStatelessService(operations, {
  dependencies: operationsDependencies,
  actions: [
    describeNode,
    listReplicas,
    describeCache,
    listDeadLetters,
    replayDeadLetters,
    removeDeadLetter,
    resendEvents,
  ],
});
