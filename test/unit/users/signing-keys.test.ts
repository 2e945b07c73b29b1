import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  isRotationDue,
  leadMs,
  nextKid,
  retired,
  signerOf,
} from "../../../services/users/domain/signing-keys.ts";

const accessMs = 600_000;

describe("keys of access tokens", () => {
  test("the first signs at once, the next when it has been published for a minute", () => {
    const first = { kid: "key-1", createdAt: 1000 };
    const next = { kid: "key-2", createdAt: 1e7 };
    expect(signerOf([first], 1000)).toBe(first);
    expect(signerOf([next, first], 1e7 + leadMs - 1)).toBe(first);
    expect(signerOf([first, next], 1e7 + leadMs)).toBe(next);
    expect(signerOf([], 0)).toBeUndefined();
  });

  test("names go on counting, and a rotation is due when the newest has served its time", () => {
    expect(nextKid([])).toBe("key-1");
    expect(
      nextKid([
        { kid: "key-9", createdAt: 1 },
        { kid: "key-10", createdAt: 2 },
        { kid: "odd", createdAt: 3 },
      ]),
    ).toBe("key-11");
    const keys = [
      { kid: "key-1", createdAt: 0 },
      { kid: "key-2", createdAt: 500 },
    ];
    expect([1499, 1500].map((now) => isRotationDue(keys, 1000, now))).toEqual([false, true]);
  });

  test("whenever keys were made, no token outlives its key, and a key is published a minute before it signs", () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 3_000_000 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 0, max: 20_000_000 }), (between, now) => {
        let at = 0;
        const keys = between.map((gap, index) => ({
          kid: `key-${index + 1}`,
          createdAt: (at += index === 0 ? 0 : gap),
        }));
        const published = keys.filter(({ createdAt }) => createdAt <= now);
        const signer = signerOf(published, now);
        expect(signer && (signer === keys[0] || signer.createdAt + leadMs <= now)).toBe(true);
        // Keys that signed within a token's lifetime remain, even for a node with a delay.
        const gone = new Set(retired(published, accessMs, now).map(({ kid }) => kid));
        for (let ago = 0; ago <= accessMs; ago += 30_000) {
          const then = now - ago;
          const signedThen =
            then < 0
              ? undefined
              : signerOf(
                  keys.filter(({ createdAt }) => createdAt <= then),
                  then,
                );
          expect(gone.has(signedThen?.kid ?? "")).toBe(false);
        }
        expect(gone.size).toBeLessThan(published.length);
      }),
      {
        numRuns: 2000,
        examples: [
          [[0, 0], 0],
          [[0, 0], 1_000_000],
        ],
      },
    );
  });
});
