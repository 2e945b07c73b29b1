import { describe, expect, jest, test } from "@jest/globals";
import moleculer from "moleculer";
import { UndeliverableRequestError } from "../../../mixins/transport/undeliverable-request-error.ts";
import { retryMiddleware } from "../../../mixins/transport/retry.middleware.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import { allContracts } from "../../support/all-contracts.ts";

type Call = (
  action: string,
  params?: unknown,
  options?: { timeout?: number; meta?: object },
) => Promise<unknown>;

/** The middleware around a programmable call. */
function around(next: Call): Call {
  const { call } = retryMiddleware(allContracts, 10_000) as unknown as { call: (next: Call) => Call };
  return call(next);
}

const nodeGone = (action: string) => new moleculer.Errors.ServiceNotFoundError({ action });

describe("retries", () => {
  test("an idempotent call that found no node is made again", async () => {
    const next = jest
      .fn<Call>()
      .mockRejectedValueOnce(nodeGone("catalog.products.list"))
      .mockResolvedValueOnce("page");
    expect(await around(next)("catalog.products.list")).toBe("page");
    expect(next).toHaveBeenCalledTimes(2);
  });

  test("it is given up after five attempts", async () => {
    const next = jest.fn<Call>().mockRejectedValue(nodeGone("catalog.products.list"));
    await expect(around(next)("catalog.products.list")).rejects.toMatchObject({ type: "SERVICE_NOT_FOUND" });
    expect(next).toHaveBeenCalledTimes(5);
  });

  test.each([
    ["an action that must not run twice", "cart.items.add", nodeGone("cart.items.add")],
    [
      "a call whose time is up",
      "users.get",
      new moleculer.Errors.RequestTimeoutError({ action: "users.get" }),
    ],
    ["an answer that is an error", "users.get", new ShopError("not-found")],
    ["a failure further down the chain", "cart.quote", nodeGone("orders.price")],
  ])("%s is not repeated", async (_what, action, error) => {
    const next = jest.fn<Call>().mockRejectedValue(error);
    await expect(around(next)(action)).rejects.toBe(error);
    expect(next).toHaveBeenCalledTimes(1);
  });

  test("all tries together have the time of one call", async () => {
    const real = Date.now.bind(Date);
    let passed = 0;
    const clock = jest.spyOn(Date, "now").mockImplementation(() => real() + passed);
    const given: (number | undefined)[] = [];
    const next: Call = (action, _params, options) => {
      given.push(options?.timeout);
      passed += 4000;
      return Promise.reject(nodeGone(action));
    };
    try {
      for (const options of [{ timeout: 9000 }, undefined, { timeout: 0 }]) {
        given.length = 0;
        await expect(around(next)("catalog.products.list", {}, options)).rejects.toMatchObject({
          type: "SERVICE_NOT_FOUND",
        });
        if (options?.timeout === 0) expect(given).toEqual([0, 0, 0, 0, 0]);
        else {
          const [first, second = 0, third = 0, ...more] = given;
          expect([first, more]).toEqual([options?.timeout, []]);
          const allowed = options?.timeout ?? 10_000;
          expect(second).toBeLessThanOrEqual(allowed - 4000);
          expect(third).toBeLessThanOrEqual(allowed - 8000);
        }
      }
    } finally {
      clock.mockRestore();
    }
  });

  test("an undelivered request is retried even if it is not idempotent", async () => {
    const next = jest
      .fn<Call>()
      .mockRejectedValueOnce(new UndeliverableRequestError("cart.items.add", "cart-1"))
      .mockResolvedValueOnce("cart");
    expect(await around(next)("cart.items.add")).toBe("cart");
  });

  test("the node that receives a dead node's call learns that it takes over", async () => {
    const rejected = new moleculer.Errors.RequestRejectedError({
      action: "orders.place",
      nodeID: "orders-1",
    });
    const next = jest.fn<Call>().mockRejectedValueOnce(rejected).mockResolvedValueOnce("order");
    expect(await around(next)("orders.place", {}, { meta: { caller: "Ada" } })).toBe("order");
    expect(next.mock.calls.map(([, , options]) => options?.meta)).toEqual([
      { caller: "Ada" },
      { caller: "Ada", takesOver: true },
    ]);
  });

  test("however many calls a dead node had under way, those that may be are made again", async () => {
    const rejected = new moleculer.Errors.RequestRejectedError({ action: "users.get", nodeID: "users-1" });
    let failures = 1000;
    const next: Call = () => (failures-- > 0 ? Promise.reject(rejected) : Promise.resolve("user"));
    const call = around(next);
    expect(await Promise.all(Array.from({ length: 1000 }, () => call("users.get")))).toEqual(
      Array(1000).fill("user"),
    );
  });

  test("when everything fails, retries soon stop adding to the load", async () => {
    const next = jest.fn<Call>().mockRejectedValue(nodeGone("users.get"));
    const call = around(next);
    await Promise.allSettled(Array.from({ length: 1000 }, () => call("users.get")));
    expect(next.mock.calls.length).toBeLessThan(1250);
  });
});
