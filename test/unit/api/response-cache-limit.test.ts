import { describe, expect, test } from "@jest/globals";
import type { IncomingMessage } from "node:http";
import { ResponseCacheLimit } from "../../../services/api/limits/response-cache-limit.ts";

describe("the response-cache limit", () => {
  const from = (address: string) => ({ headers: { from: address } }) as unknown as IncomingMessage;
  const looked: string[] = [];
  const addressOf = ({ headers }: IncomingMessage) => {
    const address = String(headers.from);
    looked.push(address);
    return address === "exempt" ? undefined : address;
  };
  const give = (limit: ResponseCacheLimit, address: string, times: number) =>
    Array.from({ length: times }, () => limit.retryAfterSeconds(from(address)));

  test("who stays below it is not even looked at, mostly", () => {
    looked.length = 0;
    expect(give(new ResponseCacheLimit(160, addressOf), "a", 160)).toEqual(
      Array.from({ length: 160 }, () => 0),
    );
    expect(looked).toHaveLength(10);
  });

  test("who goes beyond it gets nothing for the rest of the minute, others and those who are left out do", () => {
    const limit = new ResponseCacheLimit(160, addressOf);
    const waits = give(limit, "a", 400);
    expect(waits.findIndex((seconds) => seconds > 0)).toBeGreaterThanOrEqual(160);
    expect(waits.slice(200).every((seconds) => seconds > 0 && seconds <= 60)).toBe(true);
    expect(give(limit, "b", 100).every((seconds) => seconds === 0)).toBe(true);
    expect(give(limit, "exempt", 1000).every((seconds) => seconds === 0)).toBe(true);
  });
});
