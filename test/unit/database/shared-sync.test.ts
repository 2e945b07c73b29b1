import { describe, expect, test } from "@jest/globals";
import { SharedSync } from "../../../mixins/database/shared-sync.ts";
import { outcomeOf, turns } from "../../support/held-disk.ts";

/** Syncs that end when the test says so. */
function syncs() {
  const begun: { readonly end: () => void; readonly fail: (error: Error) => void }[] = [];
  const shared = new SharedSync(() => new Promise((resolve, reject) => begun.push({ end: resolve, fail: reject })));
  const write = () => {
    shared.wrote();
    return outcomeOf(shared.onDisk() ?? Promise.resolve());
  };
  return { begun, shared, write };
}

describe("syncs that are shared", () => {
  test("nobody waits where nothing was written, and not twice for the same", async () => {
    const { begun, shared, write } = syncs();
    expect(shared.onDisk()).toBeUndefined();
    const written = write();
    begun[0]?.end();
    await turns();
    expect(written()).toEqual({ value: undefined });
    expect(shared.onDisk()).toBeUndefined();
    expect(begun).toHaveLength(1);
  });

  test("what is written while a sync runs waits for the next one, and all of that for the same", async () => {
    const { begun, shared, write } = syncs();
    const first = write();
    const others = [write(), write(), write()];
    expect(begun).toHaveLength(1);
    begun[0]?.end();
    await turns();
    expect(first()).toBeDefined();
    expect(others.map((other) => other())).toEqual([undefined, undefined, undefined]);
    expect(begun).toHaveLength(2);
    begun[1]?.end();
    await turns();
    expect(others.every((other) => other())).toBe(true);
    expect(begun).toHaveLength(2);
    expect(shared.isRunning).toBe(false);
  });

  test("who comes while the sync runs that is for them joins it", async () => {
    const { begun, shared, write } = syncs();
    write();
    const reader = outcomeOf(Promise.resolve(shared.onDisk()));
    expect(begun).toHaveLength(1);
    begun[0]?.end();
    await turns();
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
    await turns();
    expect(begun).toHaveLength(2);
    begun[1]?.end();
    await turns();
    expect([second(), third()]).toEqual([{ value: undefined }, { value: undefined }]);
  });

  test("when one fails, all that wait and all that come are told, and no other is tried", async () => {
    const { begun, shared, write } = syncs();
    const [first, second] = [write(), write()];
    begun[0]?.fail(new Error("EIO"));
    await turns();
    const third = write();
    const reader = outcomeOf(Promise.resolve(shared.onDisk()));
    await turns();
    for (const outcome of [first(), second(), third(), reader()]) expect(outcome).toEqual({ error: new Error("EIO") });
    expect(begun).toHaveLength(1);
    expect(shared.failure).toEqual(new Error("EIO"));
  });
});
