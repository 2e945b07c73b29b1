import { expect, jest, test } from "@jest/globals";
import { rejectExpired } from "../../../mixins/transport/expire-pending-requests.middleware.ts";

const request = (timeout: number | null, startedMsAgo: number) => {
  const [seconds, nanoseconds] = process.hrtime();
  const startHrTime: [number, number] = [seconds - Math.ceil(startedMsAgo / 1000), nanoseconds];
  return {
    nodeID: "orders-1",
    action: { name: "orders.get" },
    ctx: { options: { timeout }, startHrTime },
    reject: jest.fn(),
  };
};

test("a request whose answer never came is forgotten when its time is up, and no other", () => {
  const [overdue, young, endless] = [request(4000, 60_000), request(10_000, 0), request(0, 60_000)];
  const pending = new Map([
    ["overdue", overdue],
    ["young", young],
    ["endless", endless],
  ]);
  rejectExpired(pending);
  expect([...pending.keys()]).toEqual(["young", "endless"]);
  expect(overdue.reject).toHaveBeenCalledWith(expect.objectContaining({ type: "REQUEST_TIMEOUT" }));
  expect(young.reject).not.toHaveBeenCalled();
});
