import { expect, test } from "@jest/globals";
import { freePortsFrom, isEphemeralPort } from "../../../deploy/local/ports.ts";

test("ports for nodes are the next free ones, and never such as an outgoing connection may be given", async () => {
  const [first = 0, second = 0] = await freePortsFrom(21_500, 2);
  expect(first).toBeGreaterThanOrEqual(21_500);
  expect(second).toBeGreaterThan(first);
  for (const from of [32_765, 33_700]) {
    const ports = await freePortsFrom(from, 10);
    expect(ports).toHaveLength(10);
    expect(ports.filter(isEphemeralPort)).toEqual([]);
  }
});
