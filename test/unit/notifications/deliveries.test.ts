import { describe, expect, test } from "@jest/globals";
import { randomBytes } from "node:crypto";
import { newId } from "../../../mixins/contract/ids.ts";
import { unsubscribeHeaders } from "../../../mixins/mail/unsubscribe-headers.ts";
import { decideDelivery } from "../../../services/notifications/domain/decide-delivery.ts";
import { isMailFixed, kindNames } from "../../../services/notifications/domain/kinds.ts";
import type { Preferences } from "../../../services/notifications/domain/preferences.ts";
import { isWanted, noPreferences } from "../../../services/notifications/domain/preferences.ts";
import { quietUntil, toClock, toMinutes } from "../../../services/notifications/domain/quiet-hours.ts";
import { customerRecipient, recipientKey } from "../../../services/notifications/domain/recipient.ts";
import { nextAttempt, retriedForMs } from "../../../services/notifications/domain/send-schedule.ts";
import { readToken, writeToken } from "../../../services/notifications/domain/unsubscribe-token.ts";

const night = { from: toMinutes("22:00"), to: toMinutes("07:30") };
const until = (now: string, timeZone = "Europe/London", hours = night) => {
  const end = quietUntil(hours, timeZone, Date.parse(now));
  return end === undefined ? undefined : new Date(end).toISOString();
};

describe("quiet hours", () => {
  test("last until their end, by the clocks of the time zone, also past midnight", () => {
    expect(until("2026-11-30T21:59:59Z")).toBeUndefined();
    expect(until("2026-11-30T22:00:00Z")).toBe("2026-12-01T07:30:00.000Z");
    expect(until("2026-12-01T07:29:59Z")).toBe("2026-12-01T07:30:00.000Z");
    expect(until("2026-12-01T07:30:00Z")).toBeUndefined();
    expect(until("2026-11-30T14:30:00Z", "Asia/Shanghai")).toBe("2026-11-30T23:30:00.000Z");
    expect(until("2026-11-30T17:00:00Z", "Asia/Kolkata")).toBe("2026-12-01T02:00:00.000Z");
    const noon = { from: toMinutes("12:00"), to: toMinutes("13:00") };
    expect(until("2026-11-30T12:30:00Z", "UTC", noon)).toBe("2026-11-30T13:00:00.000Z");
    expect(until("2026-11-30T13:30:00Z", "UTC", noon)).toBeUndefined();
  });

  test("end by the clock in nights in which it is put forward or back, and after a time that is left out", () => {
    // In London, clocks go forward at 01:00 on 2026-03-29, and back at 02:00 on 2026-10-25.
    expect(until("2026-03-28T23:00:00Z")).toBe("2026-03-29T06:30:00.000Z");
    expect(until("2026-10-24T22:00:00Z")).toBe("2026-10-25T07:30:00.000Z");
    const skipped = { from: toMinutes("00:15"), to: toMinutes("01:30") };
    const end = quietUntil(skipped, "Europe/London", Date.parse("2026-03-29T00:30:00Z")) ?? 0;
    expect(end).toBeGreaterThan(Date.parse("2026-03-29T00:30:00Z"));
    expect(end).toBeLessThanOrEqual(Date.parse("2026-03-29T01:30:00Z"));
  });

  test("are written as they are read", () => {
    for (const clock of ["00:00", "07:05", "23:59"]) expect(toClock(toMinutes(clock))).toBe(clock);
  });
});

describe("a delivery that is due", () => {
  const wishes = (changes: Partial<Preferences>) => ({ ...noPreferences, ...changes });
  const to = { email: "ada@example.org", phone: "+447700900123", preferences: noPreferences };
  const evening = Date.parse("2026-11-30T23:00:00Z");
  const quiet = wishes({ quietHours: night });

  test("goes by mail unless it is switched off, and by SMS only if that is switched on", () => {
    expect(decideDelivery("price-fell", "mail", to, "UTC", evening)).toEqual({ send: to.email });
    const off = wishes({ choices: { "price-fell": { mail: false }, "order-placed": { mail: false } } });
    expect(decideDelivery("price-fell", "mail", { ...to, preferences: off }, "UTC", evening)).toEqual({
      skip: "not-wanted",
    });
    expect(decideDelivery("order-shipped", "sms", to, "UTC", evening)).toEqual({ skip: "not-wanted" });
    const on = wishes({ choices: { "order-shipped": { sms: true }, "order-placed": { sms: true } } });
    expect(decideDelivery("order-shipped", "sms", { ...to, preferences: on }, "UTC", evening)).toEqual({
      send: to.phone,
    });
    expect(decideDelivery("order-placed", "sms", { ...to, preferences: on }, "UTC", evening)).toEqual({
      skip: "not-wanted",
    });
    const unverified = { ...to, phone: null, preferences: on };
    expect(decideDelivery("order-shipped", "sms", unverified, "UTC", evening)).toEqual({
      skip: "no-address",
    });
    expect(decideDelivery("order-placed", "mail", undefined, "UTC", evening)).toEqual({ skip: "no-account" });
  });

  test("of an order or a sign-in is sent by mail whatever was chosen", () => {
    for (const kind of kindNames) {
      const preferences = wishes({ choices: { [kind]: { mail: false } } });
      expect(isWanted(kind, "mail", preferences)).toBe(isMailFixed(kind));
    }
    expect(kindNames.filter(isMailFixed)).toContain("new-sign-in");
  });

  test("waits in quiet hours if it is optional or an SMS", () => {
    const waits = { waitUntil: Date.parse("2026-12-01T07:30:00Z") };
    const preferences = { ...quiet, choices: { "order-shipped": { sms: true } } };
    expect(decideDelivery("price-fell", "mail", { ...to, preferences }, "UTC", evening)).toEqual(waits);
    expect(decideDelivery("order-shipped", "sms", { ...to, preferences }, "UTC", evening)).toEqual(waits);
    expect(decideDelivery("order-shipped", "mail", { ...to, preferences }, "UTC", evening)).toEqual({
      send: to.email,
    });
    const elsewhere = { ...to, preferences: { ...quiet, timeZone: "America/New_York" } };
    expect(decideDelivery("price-fell", "mail", elsewhere, "UTC", evening)).toEqual({ send: to.email });
  });

  test("is retried ever later, for a day", () => {
    expect(nextAttempt(1, retriedForMs, 0)).toBe(5000);
    expect(nextAttempt(99, retriedForMs, 0)).toBe(3_600_000);
    expect(nextAttempt(1, retriedForMs, retriedForMs - 5000)).toBe(retriedForMs);
    expect(nextAttempt(1, retriedForMs, retriedForMs - 4999)).toBeUndefined();
  });
});

describe("recipients", () => {
  test("are customers, or addresses in any case", () => {
    const guest = { customerId: null, email: "Ada@Example.org", phone: null, locale: "en" };
    expect(recipientKey(guest)).toBe("ada@example.org");
    expect(recipientKey(customerRecipient("x"))).toBe("x");
    expect(() => recipientKey({ ...guest, email: null })).toThrow("a recipient is a customer");
  });
});

describe("links to unsubscribe", () => {
  const key = randomBytes(32);

  test("name a customer's kind, and cannot be made or changed", () => {
    const link = { customerId: newId(), kind: "price-fell" } as const;
    const token = writeToken(key, link);
    expect(token).toMatch(/^[\w-]{40,100}$/);
    expect(readToken(key, token)).toEqual(link);
    expect(readToken(randomBytes(32), token)).toBeUndefined();
    const bytes = Buffer.from(token, "base64url");
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(readToken(key, changed.toString("base64url"))).toBeUndefined();
    }
    for (const other of ["", "x", "A".repeat(21), "A".repeat(64), "💥", `${token}AA`])
      expect(readToken(key, other)).toBeUndefined();
    expect(readToken(key, writeToken(key, { ...link, kind: "order-placed" }))).toBeUndefined();
  });

  test("are headers of RFC 8058, which no address can break out of", () => {
    expect(unsubscribeHeaders("https://books.example/u?token=x")).toEqual({
      "List-Unsubscribe": "<https://books.example/u?token=x>",
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    });
    for (const url of [
      "https://a.example/\r\nBcc: x",
      "https://a.example/>,<mailto:x@y.example>",
      "javascript:x",
    ])
      expect(() => unsubscribeHeaders(url)).toThrow("no URL");
  });
});
