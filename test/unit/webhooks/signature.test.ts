import { describe, expect, test } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { ShopError } from "../../../mixins/contract/errors.ts";
import { assertEndpoint } from "../../../services/webhooks/assert-endpoint.ts";
import {
  isSigningSecret,
  newSigningSecret,
  signaturesOf,
} from "../../../services/webhooks/domain/signature.ts";
import { isGenuine } from "../../support/webhooks/verify-webhook.ts";

describe("a signature", () => {
  const id = "019c0000-0000-7000-8000-000000000001";
  const body = JSON.stringify({ type: "orders.placed", data: { name: "Ünï 茶" } });
  const timestamp = Math.floor(Date.now() / 1000);
  const signed = (secrets: readonly string[]) => ({
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": signaturesOf(secrets, { id, timestamp, body }),
  });

  test("is what the library of Standard Webhooks and the sample of the guide accept", () => {
    const secret = newSigningSecret();
    expect(isSigningSecret(secret)).toBe(true);
    expect(new Webhook(secret).verify(body, signed([secret]))).toEqual(JSON.parse(body));
    expect(isGenuine(signed([secret]), body, secret)).toBe(true);
  });

  test("of two secrets is accepted by those who know one of them", () => {
    const [current, previous, other] = [newSigningSecret(), newSigningSecret(), newSigningSecret()];
    const headers = signed([current, previous]);
    for (const secret of [current, previous]) {
      expect(() => new Webhook(secret).verify(body, headers)).not.toThrow();
      expect(isGenuine(headers, body, secret)).toBe(true);
    }
    expect(() => new Webhook(other).verify(body, headers)).toThrow("No matching signature found");
    expect(isGenuine(headers, body, other)).toBe(false);
  });

  test("does not hold for another body, id or time", () => {
    const secret = newSigningSecret();
    const headers = signed([secret]);
    expect(isGenuine(headers, `${body} `, secret)).toBe(false);
    expect(isGenuine({ ...headers, "webhook-id": "other" }, body, secret)).toBe(false);
    const old = { ...headers, "webhook-timestamp": String(timestamp - 301) };
    expect(isGenuine(old, body, secret)).toBe(false);
  });
});

describe("a webhook of a shop in production", () => {
  const rules = { destinations: "public", publicEvents: new Map() } as const;
  const faultOf = (url: string) => {
    try {
      assertEndpoint({ url }, rules);
    } catch (error) {
      if (error instanceof ShopError) return error.data.errors?.[0]?.message;
      throw error;
    }
    return undefined;
  };

  test.each([
    "https://hooks.example.com/shop?key=1",
    "https://hooks.example.com:443/",
    "https://93.184.216.34/",
  ])("may be %s", (url) => expect(faultOf(url)).toBeUndefined());

  test.each([
    "http://hooks.example.com/",
    "https://hooks.example.com:8443/",
    "https://hooks.example.com:80/",
    "https://93.184.216.34:80/",
    "https://user:key@hooks.example.com/",
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://[::1]/",
    "https://169.254.169.254/latest/meta-data/",
  ])("may not be %s", (url) => expect(faultOf(url)).toMatch(/^must/));
});
