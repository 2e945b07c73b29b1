import moleculer from "moleculer";

const lookEveryMs = 1000;
/** Heartbeats of all nodes come within so short a time. */
const spreadMs = 50;

/**
 * The framework's discoverer without three faults of it. It looks for nodes that have fallen silent only once in each
 * heartbeat timeout, so that a dead one is chosen for up to twice as long; this one looks every second. A heartbeat
 * that falls into the closing of a connection ends the whole process there; here it is only missed. And when a node
 * comes back under its name before anyone has missed it, those who wait for answers of its predecessor wait on; here
 * they are told.
 *
 * Heartbeats cost little, so that being there does: all nodes send theirs at the same moment of each second, so that
 * everybody wakes up once for all of them; and what a node says of its load is its own use of the processor, which the
 * process knows, and not the computer's, which the framework finds out by reading it three times each.
 */
export class WatchfulDiscoverer extends moleculer.Discoverers.Local {
  #usage = process.cpuUsage();
  #usageAt = performance.now();

  override startHeartbeatTimers(): void {
    super.startHeartbeatTimers();
    clearInterval(this.checkNodesTimer);
    this.checkNodesTimer = setInterval(() => this.checkRemoteNodes(), lookEveryMs).unref();
    clearInterval(this.heartbeatTimer);
    const { heartbeatInterval = 0 } = this.broker.options;
    if (heartbeatInterval > 0) this.#beatAgain(heartbeatInterval * 1000);
  }

  override async beat(): Promise<void> {
    this.#noteUsage();
    try {
      await this.sendHeartbeat();
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

  /** At the next full heartbeat of the clock, which may be set meanwhile; never sooner than in half of one. */
  #beatAgain(everyMs: number): void {
    const untilNextMs = everyMs - (Date.now() % everyMs) + Math.random() * spreadMs;
    this.heartbeatTimer = setTimeout(
      () => {
        this.#beatAgain(everyMs);
        void this.beat();
      },
      untilNextMs < everyMs / 2 ? untilNextMs + everyMs : untilNextMs,
    ).unref();
  }

  /** In percent of one processor since the last time. */
  #noteUsage(): void {
    const [used, now] = [process.cpuUsage(this.#usage), performance.now()];
    const percent = Math.round((used.user + used.system) / 10 / (now - this.#usageAt));
    this.#usage = process.cpuUsage();
    this.#usageAt = now;
    const node = this.localNode;
    if (!node || node.cpu === percent) return;
    node.cpu = percent;
    node.cpuSeq = (node.cpuSeq ?? 0) + 1;
  }
}
