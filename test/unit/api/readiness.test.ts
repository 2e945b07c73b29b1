import { beforeEach, describe, expect, test } from "@jest/globals";
import { cachedReadiness } from "../../../services/api/pages/readiness.ts";

describe("readiness, however many ask for it", () => {
  let now: number;
  let stopping: boolean;
  let checks: PromiseWithResolvers<string>[];
  let ask: () => Promise<string>;
  beforeEach(() => {
    [now, stopping, checks] = [0, false, []];
    ask = cachedReadiness({
      check: () => {
        const check = Promise.withResolvers<string>();
        checks.push(check);
        return check.promise;
      },
      isStopping: () => stopping,
      now: () => now,
    });
  });

  test("is found out once while they wait", async () => {
    const answers = Promise.all([ask(), ask(), ask()]);
    // The check's duration does not matter.
    now = 5000;
    const late = ask();
    expect(checks).toHaveLength(1);
    checks[0]?.resolve("ready");
    expect([...(await answers), await late]).toEqual(["ready", "ready", "ready", "ready"]);
  });

  test("is a second old at most", async () => {
    const first = ask();
    checks[0]?.resolve("ready");
    await first;
    now = 999;
    expect([await ask(), checks.length]).toEqual(["ready", 1]);
    now = 1000;
    const next = ask();
    checks[1]?.resolve("not ready");
    expect(await next).toBe("not ready");
  });

  test("is found out anew as soon as the node is about to stop", async () => {
    const before = ask();
    stopping = true;
    const after = ask();
    expect(checks).toHaveLength(2);
    checks[1]?.resolve("not ready");
    checks[0]?.resolve("ready");
    expect([await before, await after, await ask()]).toEqual(["ready", "not ready", "not ready"]);
    expect(checks).toHaveLength(2);
  });

  test("is asked for again when it could not be found out", async () => {
    const failed = ask();
    checks[0]?.reject(new Error("no registry"));
    await expect(failed).rejects.toThrow("no registry");
    const next = ask();
    checks[1]?.resolve("ready");
    expect(await next).toBe("ready");
  });
});
