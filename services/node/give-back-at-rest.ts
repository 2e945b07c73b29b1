import { performance } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";

const lookEveryMs = 5000;
/** A node rests when it has been busy for no more than this share of the time. */
const restsBelow = 0.05;
/** Less is not worth the up to a tenth of a second that it takes. */
const worthwhileBytes = 8 * 1024 * 1024;
/** A node with little to do would otherwise collect again and again what it will need again. */
const notWithinLooks = 6;
/** On a machine that is so slow, or has a small share of a processor, nobody hears of the node meanwhile, and others may take it for dead. */
const tooLongMs = 400;
const notWithinLooksThen = 360;

/** What the node looks at; tests look at something else. */
interface Sight {
  /** The share of the time since it was last asked that the node was busy. */
  utilization(): number;
  heapBytes(): number;
  /** In milliseconds. */
  now(): number;
}

/**
 * From now on, a node that rests after work collects its garbage and gives back to the machine what the work took up. V8 by
 * itself collects when something new is wanted, and a node that rests wants nothing; and it keeps what becomes free.
 *
 * @param collect null where Node was started without `--expose-gc`; then nothing is done
 */
export function giveBackAtRest(collect: (() => void) | null = collectAll(), sight: Sight = thisProcess()): void {
  if (!collect) return;
  let settled = 0;
  let looksSince = notWithinLooks;
  let pause = notWithinLooks;
  setInterval(() => {
    looksSince += 1;
    if (sight.utilization() > restsBelow) return;
    settled = Math.min(settled, sight.heapBytes());
    if (looksSince < pause || sight.heapBytes() < settled + worthwhileBytes) return;
    const began = sight.now();
    collect();
    pause = sight.now() - began > tooLongMs ? notWithinLooksThen : notWithinLooks;
    looksSince = 0;
    settled = sight.heapBytes();
  }, lookEveryMs).unref();
}

/** Of the flavours that there are, this one gives memory back; the others keep it for what will be new. */
function collectAll(): (() => void) | null {
  const { gc } = globalThis;
  return gc ? () => gc({ type: "major", execution: "sync", flavor: "last-resort" }) : null;
}

function thisProcess(): Sight {
  let before = performance.eventLoopUtilization();
  return {
    utilization() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
    heapBytes: () => getHeapStatistics().total_heap_size,
    now: () => performance.now(),
  };
}
