import { afterEach, describe, expect, jest, test } from "@jest/globals";
import moleculer from "moleculer";
import { FastFailureDiscoverer } from "../../../mixins/transport/fast-failure-discoverer.ts";

/** Times of a node's heartbeats in milliseconds since the Unix epoch. */
async function beatsOf(heartbeatInterval: number, seconds: number): Promise<number[]> {
  const beats: number[] = [];
  const discoverer = new FastFailureDiscoverer();
  void new moleculer.ServiceBroker({ logger: false, heartbeatInterval, registry: { discoverer } });
  discoverer.sendHeartbeat = () => {
    beats.push(Date.now());
    return Promise.resolve();
  };
  discoverer.startHeartbeatTimers();
  await jest.advanceTimersByTimeAsync(seconds * 1000);
  discoverer.stopHeartbeatTimers();
  return beats;
}

describe("heartbeats", () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  test.each([1, 5])("come all %i s, and those of all nodes at the same time", async (interval) => {
    jest.useFakeTimers({ now: 1_700_000_000_777 });
    const beats = [...(await beatsOf(interval, 20 * interval)), ...(await beatsOf(interval, 20 * interval))];
    expect(beats.length).toBeGreaterThanOrEqual(38);
    expect(beats.length).toBeLessThanOrEqual(40);
    expect(Math.max(...beats.map((at) => at % (interval * 1000)))).toBeLessThanOrEqual(51);
  });

  test("are not doubled when the clock is a little off, nor stay away when it is set back", async () => {
    jest.useFakeTimers({ now: 1_700_000_000_999 });
    const beats: number[] = [];
    const discoverer = new FastFailureDiscoverer();
    void new moleculer.ServiceBroker({ logger: false, heartbeatInterval: 1, registry: { discoverer } });
    let passed = 0;
    discoverer.sendHeartbeat = () => {
      beats.push(passed);
      jest.setSystemTime(1_700_000_000_999 - 3_600_000 * beats.length - 1);
      return Promise.resolve();
    };
    discoverer.startHeartbeatTimers();
    for (; passed < 12_000; passed += 10) await jest.advanceTimersByTimeAsync(10);
    discoverer.stopHeartbeatTimers();
    const pauses = beats.slice(1).map((at, index) => at - (beats[index] ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(490);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(1510);
  });
});

describe("nodes that have fallen silent", () => {
  test.each([
    ["a node of the shop", { heartbeatSeconds: 1 }, 3, true],
    ["a node of the shop", { heartbeatSeconds: 1 }, 5, false],
    ["a plain node of the framework", {}, 25, true],
    ["a plain node of the framework", {}, 31, false],
    ["a plain node that states its interval", { heartbeatSeconds: 2 }, 7, false],
  ])("%s with metadata %j is there after %i s: %s", (_what, metadata, silentSeconds, isThere) => {
    const discoverer = new FastFailureDiscoverer();
    const broker = new moleculer.ServiceBroker({ logger: false, registry: { discoverer } });
    broker.registry?.processNodeInfo({
      sender: "other",
      instanceID: "i",
      seq: 1,
      ipList: [],
      services: [],
      metadata,
    });
    const other = discoverer.registry.nodes.get("other") as {
      lastHeartbeatTime: number | null;
      available: boolean;
    };
    other.lastHeartbeatTime = Math.round(process.uptime()) - silentSeconds;
    discoverer.checkRemoteNodes();
    expect(other.available).toBe(isThere);
  });
});
