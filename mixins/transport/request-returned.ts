import moleculer from "moleculer";

/** The node that a request was sent to is gone, and nobody has seen the request: it can safely be sent to another one. */
export class RequestReturned extends moleculer.Errors.MoleculerRetryableError {
  constructor(action: string, nodeID: string) {
    super(`The node ${nodeID} is gone; ${action} did not reach it`, 503, "REQUEST_RETURNED", { action, nodeID });
  }
}
