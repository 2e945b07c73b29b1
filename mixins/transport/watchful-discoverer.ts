import moleculer from "moleculer";

const lookEveryMs = 1000;

/**
 * The framework's discoverer without three faults of it. It looks for nodes that have fallen silent only once in each
 * heartbeat timeout, so that a dead one is chosen for up to twice as long; this one looks every second. A heartbeat
 * that falls into the closing of a connection ends the whole process there; here it is only missed. And when a node
 * comes back under its name before anyone has missed it, those who wait for answers of its predecessor wait on; here
 * they are told.
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

  override processRemoteNodeInfo(nodeID: string, info: { readonly instanceID?: string }) {
    const known = this.registry.nodes.get(nodeID) as { available: boolean; instanceID: string | null } | undefined;
    const replaced = known?.available && known.instanceID !== null && known.instanceID !== info.instanceID;
    if (replaced) this.remoteNodeDisconnected(nodeID, true);
    return super.processRemoteNodeInfo(nodeID, info);
  }
}
