import { describe, expect, test } from "@jest/globals";
import { inLanes, limiter } from "../../replay/concurrency.ts";

/** Runs everything that is ready. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("work in lanes", () => {
  test("a lane keeps its order while others go ahead", async () => {
    const items = ["a1", "a2", "b1", "a3", "b2", "c1"];
    const begun: string[] = [];
    const finish = new Map<string, () => void>();
    const done = inLanes(
      items,
      2,
      (item) => item[0],
      (item) => {
        begun.push(item);
        return new Promise((resolve) => finish.set(item, resolve));
      },
    );
    const end = async (item: string) => {
      finish.get(item)?.();
      await turn();
    };

    await turn();
    expect(begun).toEqual(["a1", "b1"]);
    await end("b1");
    expect(begun).toEqual(["a1", "b1", "b2"]);
    await end("b2");
    expect(begun).toEqual(["a1", "b1", "b2", "c1"]);
    await end("a1");
    expect(begun.at(-1)).toBe("a2");
    await end("c1");
    await end("a2");
    await end("a3");
    await done;
    expect(begun).toHaveLength(items.length);
  });

  test("after a failure no new work starts, and running work is awaited", async () => {
    const begun: number[] = [];
    let finish: (() => void) | undefined;
    let ended = false;
    const done = inLanes(
      [1, 2, 3],
      2,
      (item) => item,
      async (item) => {
        begun.push(item);
        if (item === 1) throw new Error("out of paper");
        await new Promise<void>((resolve) => (finish = resolve));
        ended = true;
      },
    );
    const refused = done.catch((error: unknown) => error);
    await turn();
    expect(ended).toBe(false);
    finish?.();
    expect(await refused).toMatchObject({ message: "out of paper" });
    expect(ended).toBe(true);
    expect(begun).toEqual([1, 2]);
  });

  test("nothing to do is done at once", async () => {
    const nothing = inLanes(
      [],
      4,
      () => 0,
      () => Promise.reject(new Error("never called")),
    );
    await expect(nothing).resolves.toBeUndefined();
  });
});

test("a limiter lets no more in than it may, also after failures", async () => {
  const limited = limiter(2);
  let running = 0;
  let most = 0;
  const results = await Promise.allSettled(
    Array.from({ length: 9 }, (_, index) =>
      limited(async () => {
        most = Math.max(most, (running += 1));
        await turn();
        running -= 1;
        if (index % 3 === 0) throw new Error("no");
        return index;
      }),
    ),
  );
  expect(most).toBe(2);
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(6);
});
