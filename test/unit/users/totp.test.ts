import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  blockedUntil,
  hashOfRecoveryCode,
  newRecoveryCodes,
} from "../../../services/users/domain/second-factor.ts";
import {
  base32,
  newTotpSecret,
  stepOfCode,
  totpCode,
  totpStep,
  totpUri,
} from "../../../services/users/domain/totp.ts";

const secret = base32(Buffer.from("12345678901234567890"));

describe("one-time passwords", () => {
  // RFC 6238, appendix B, the last six of eight digits.
  test.each([
    [59, "287082"],
    [1111111109, "081804"],
    [1111111111, "050471"],
    [1234567890, "005924"],
    [2000000000, "279037"],
    [20000000000, "353130"],
  ])("at %d s the code is %s", (seconds, code) => {
    expect(secret).toBe("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    const now = seconds * 1000;
    expect(totpCode(secret, totpStep(now))).toBe(code);
    expect(stepOfCode(secret, code, now)).toBe(totpStep(now));
    for (const shift of [-30_000, 30_000]) expect(stepOfCode(secret, code, now + shift)).toBe(totpStep(now));
  });

  test("a code works in its own step and those beside it, nowhere else", () => {
    const anyStep = fc.integer({ min: 1e6, max: 1e8 });
    const anySteps = fc.tuple(anyStep, fc.integer({ min: -1000, max: 1000 }));
    fc.assert(
      fc.property(anySteps, ([step, distance]) => {
        const own = newTotpSecret();
        const found = stepOfCode(own, totpCode(own, step), (step + distance) * 30_000);
        // By chance another step near by can have the same code.
        const near = [-1, 0, 1].map((shift) => step + distance + shift);
        const same = near.filter((other) => totpCode(own, other) === totpCode(own, step));
        expect(found === undefined).toBe(same.length === 0);
      }),
    );
  });

  test.each(["", "28708", "2870820", "28708２", "28708a", "      "])("%j is no code", (code) => {
    expect(stepOfCode(secret, code, 59_000)).toBeUndefined();
  });

  test("an app reads the secret from a link", () => {
    const uri = new URL(totpUri(newTotpSecret(), "ShopServer", "a&b?c@example.org"));
    expect([uri.protocol, uri.host]).toEqual(["otpauth:", "totp"]);
    expect(decodeURIComponent(uri.pathname)).toBe("/ShopServer:a&b?c@example.org");
    expect(uri.searchParams.get("secret")).toMatch(/^[A-Z2-7]{32}$/);
  });
});

describe("recovery codes", () => {
  test("there are ten, and how one is typed does not matter", () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^(?:[a-z2-7]{4}-){3}[a-z2-7]{4}$/);
    const [code = ""] = codes;
    expect(hashOfRecoveryCode(` ${code.toUpperCase().replaceAll("-", " ")} `)).toBe(hashOfRecoveryCode(code));
  });
});

test("after five wrong codes in a row one waits, longer each time, and never more than a quarter of an hour", () => {
  const waits = [1, 4, 5, 6, 7, 50].map((failures) => Math.max(0, blockedUntil(failures, 1e12) - 1e12));
  expect(waits).toEqual([0, 0, 30_000, 60_000, 120_000, 900_000]);
});
