import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { secretKeys } from "../../../config/secrets.ts";
import { SecretBox } from "../../../mixins/support/secret-box.ts";

const [first, second] = [
  { id: "first", key: "a".repeat(32) },
  { id: "second", key: "b".repeat(32) },
];

describe("secrets in the database", () => {
  const box = new SecretBox([first]);

  test("come back as they were, and are never twice the same in the table", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (secret, about) => {
        const [one, other] = [box.seal(secret, about), box.seal(secret, about)];
        expect(one).not.toBe(other);
        expect([box.open(one, about), box.open(other, about)]).toEqual([secret, secret]);
        if (secret.length > 3) expect(one).not.toContain(secret);
      }),
    );
  });

  test("do not open for another row, with another key, or when any part of them was changed", () => {
    const sealed = box.seal("JBSWY3DPEHPK3PXP", "second factor of ada");
    expect(() => box.open(sealed, "second factor of bob")).toThrow("decryption failed");
    expect(() => new SecretBox([{ ...first, key: second.key }]).open(sealed, "second factor of ada")).toThrow(
      "decryption failed",
    );
    expect(() => new SecretBox([second]).open(sealed, "second factor of ada")).toThrow(
      "is missing the key first",
    );
    const start = "enc1:first:".length;
    for (let place = start; place < sealed.length; place += 1) {
      const other = sealed[place] === "A" ? "B" : "A";
      const changed = `${sealed.slice(0, place)}${other}${sealed.slice(place + 1)}`;
      // The last character has unused bits.
      if (
        Buffer.from(changed.slice(start), "base64url").equals(Buffer.from(sealed.slice(start), "base64url"))
      )
        continue;
      expect(() => box.open(changed, "second factor of ada")).toThrow("decryption failed");
    }
    for (const short of ["enc1:first:", "enc1:first:AAAA", "enc1:first"])
      expect(() => box.open(short, "x")).toThrow("decryption failed");
  });

  test("go on to be read when another key encrypts, and are known to be of the earlier one", () => {
    const sealed = box.seal("secret", "x");
    const both = new SecretBox([second, first]);
    expect(both.open(sealed, "x")).toBe("secret");
    expect([
      both.isCurrent(sealed),
      both.isCurrent(both.seal("secret", "x")),
      both.isCurrent("secret"),
    ]).toEqual([false, true, false]);
  });

  test("that were there before there were keys are read as they are", () => {
    for (const kept of ["JBSWY3DPEHPK3PXP", '{"kty":"OKP","d":"x"}']) expect(box.open(kept, "x")).toBe(kept);
  });
});

describe("SECRETS_KEY", () => {
  test("is keys by their ids, the first of which encrypts", () => {
    expect(secretKeys(`2026:${first.key}, old-1:${second.key}`)).toEqual([
      { id: "2026", key: first.key },
      { id: "old-1", key: second.key },
    ]);
    expect(secretKeys(first.key)).toEqual([{ id: "first", key: first.key }]);
  });

  test.each([
    "x",
    "id:short",
    `Id:${first.key}`,
    `a:${first.key},a:${second.key}`,
    `a:${first.key},`,
    `${first.key},first:${second.key}`,
  ])("%s is refused, and not shown", (text) => {
    expect(() => secretKeys(text)).toThrow(/^bad setting: SECRETS_KEY: (must|two)/);
  });
});
