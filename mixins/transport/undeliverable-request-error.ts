import moleculer from "moleculer";

/** The request's node is gone and the request reached no handler: a retry on another node is safe. */
export class UndeliverableRequestError extends moleculer.Errors.MoleculerRetryableError {
  constructor(action: string, nodeID: string) {
    super(`The node ${nodeID} is gone; ${action} did not reach it`, 503, "REQUEST_RETURNED", {
      action,
      nodeID,
    });
  }
}
