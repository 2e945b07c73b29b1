import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { releaseIdleMemory } from "../../../services/node/release-idle-memory.ts";

const megabyte = 1024 * 1024;

/** A process with simulated heap and load, polled often enough. */
class Process {
  heap = 100;
  kept = 50;
  busy = 0;
  collections = 0;
  collectionTakesMs = 50;
  #now = 0;
  readonly #sight = {
    utilization: () => this.busy,
    heapBytes: () => this.heap * megabyte,
    now: () => this.#now,
  };

  watch() {
    const collect = () => {
      this.collections += 1;
      this.#now += this.collectionTakesMs;
      this.heap = this.kept;
    };
    releaseIdleMemory(collect, this.#sight);
  }

  passes(seconds: number) {
    jest.advanceTimersByTime(seconds * 1000);
  }
}

describe("a node that rests", () => {
  let node: Process;
  beforeEach(() => {
    jest.useFakeTimers();
    node = new Process();
    node.watch();
  });
  afterEach(() => {
    jest.clearAllTimers();
    jest.useRealTimers();
  });

  test("releases memory after its start and after work, once each", () => {
    node.passes(60);
    expect(node.collections).toBe(1);
    node.heap = 90;
    node.passes(60);
    expect(node.collections).toBe(2);
  });

  test("collects nothing while it works", () => {
    node.busy = 0.3;
    node.passes(60);
    expect(node.collections).toBe(0);
  });

  test("does not go to the trouble for little, until little has become much", () => {
    node.passes(60);
    for (const heap of [52, 54, 57]) {
      node.heap = heap;
      node.passes(60);
    }
    expect(node.collections).toBe(1);
    node.heap = 58;
    node.passes(60);
    expect(node.collections).toBe(2);
  });

  test("does not collect for half an hour where it takes so long that the node is missed", () => {
    node.collectionTakesMs = 1500;
    node.passes(60);
    expect(node.collections).toBe(1);
    node.heap = 100;
    node.passes(28 * 60);
    expect(node.collections).toBe(1);
    node.passes(5 * 60);
    expect(node.collections).toBe(2);
  });

  test("does not collect again soon, though there is much again", () => {
    node.passes(5);
    expect(node.collections).toBe(1);
    node.heap = 100;
    node.passes(25);
    expect(node.collections).toBe(1);
    node.passes(5);
    expect(node.collections).toBe(2);
  });

  test("does not try again and again where nothing can be given back", () => {
    node.kept = 100;
    node.passes(600);
    expect(node.collections).toBe(1);
  });
});

test("a node that was started without the flag for it leaves all to V8", () => {
  jest.useFakeTimers();
  releaseIdleMemory(null);
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});
