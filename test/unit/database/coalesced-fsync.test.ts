import { describe, expect, test } from "@jest/globals";
import { CoalescedFsync } from "../../../mixins/database/sqlite/coalesced-fsync.ts";
import { outcomeOf, eventLoopTicks } from "../../support/pausable-disk.ts";

/** Syncs that end under the test's control. */
function syncs() {
  const begun: { readonly end: () => void; readonly fail: (error: Error) => void }[] = [];
  const shared = new CoalescedFsync(
    () => new Promise((resolve, reject) => begun.push({ end: resolve, fail: reject })),
  );
  const write = () => {
    shared.noteWrite();
    return outcomeOf(shared.flushed() ?? Promise.resolve());
  };
  return { begun, shared, write };
}

describe("syncs that are shared", () => {
  test("without writes there is no wait, and no repeated one for the same write", async () => {
    const { begun, shared, write } = syncs();
    expect(shared.flushed()).toBeUndefined();
    const written = write();
    begun[0]?.end();
    await eventLoopTicks();
    expect(written()).toEqual({ value: undefined });
    expect(shared.flushed()).toBeUndefined();
    expect(begun).toHaveLength(1);
  });

  test("writes during a sync share the next one", async () => {
    const { begun, shared, write } = syncs();
    const first = write();
    const others = [write(), write(), write()];
    expect(begun).toHaveLength(1);
    begun[0]?.end();
    await eventLoopTicks();
    expect(first()).toBeDefined();
    expect(others.map((other) => other())).toEqual([undefined, undefined, undefined]);
    expect(begun).toHaveLength(2);
    begun[1]?.end();
    await eventLoopTicks();
    expect(others.every((other) => other())).toBe(true);
    expect(begun).toHaveLength(2);
    expect(shared.isRunning).toBe(false);
  });

  test("who comes while the sync runs that is for them joins it", async () => {
    const { begun, shared, write } = syncs();
    write();
    const reader = outcomeOf(Promise.resolve(shared.flushed()));
    expect(begun).toHaveLength(1);
    begun[0]?.end();
    await eventLoopTicks();
    expect(reader()).toBeDefined();
    expect(begun).toHaveLength(1);
  });

  test("one is begun while the other ends: never two at once", async () => {
    const { begun, shared, write } = syncs();
    write();
    const second = write();
    begun[0]?.end();
    // Between the end of the first and the beginning of the one that waits.
    while (shared.isRunning) await Promise.resolve();
    const third = write();
    await eventLoopTicks();
    expect(begun).toHaveLength(2);
    begun[1]?.end();
    await eventLoopTicks();
    expect([second(), third()]).toEqual([{ value: undefined }, { value: undefined }]);
  });

  test("a failed sync rejects all present and future waiters, without a retry", async () => {
    const { begun, shared, write } = syncs();
    const [first, second] = [write(), write()];
    begun[0]?.fail(new Error("EIO"));
    await eventLoopTicks();
    const third = write();
    const reader = outcomeOf(Promise.resolve(shared.flushed()));
    await eventLoopTicks();
    for (const outcome of [first(), second(), third(), reader()])
      expect(outcome).toEqual({ error: new Error("EIO") });
    expect(begun).toHaveLength(1);
    expect(shared.failure).toEqual(new Error("EIO"));
  });
});
