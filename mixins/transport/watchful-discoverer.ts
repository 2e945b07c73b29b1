import moleculer from "moleculer";

const lookEveryMs = 1000;

/**
 * The framework's discoverer without two faults of it. It looks for nodes that have fallen silent only once in each
 * heartbeat timeout, so that a dead one is chosen for up to twice as long; this one looks every second. And a heartbeat
 * that falls into the closing of a connection ends the whole process there; here it is only missed.
 */
export class WatchfulDiscoverer extends moleculer.Discoverers.Local {
  override startHeartbeatTimers(): void {
    super.startHeartbeatTimers();
    clearInterval(this.checkNodesTimer);
    this.checkNodesTimer = setInterval(() => this.checkRemoteNodes(), lookEveryMs).unref();
  }

  override async beat(): Promise<void> {
    try {
      await super.beat();
    } catch (error) {
      this.logger.debug("a heartbeat was not sent", error);
    }
  }
}
