import { describe, expect, test } from "@jest/globals";
import { assertUncommonPassword } from "../../../services/users/domain/new-password.ts";

const ada = { email: "ada.lovelace@example.org", name: "Ada Byron-King", shop: "The Corner Shop" };
const refusal = (password: string, about = ada): string | undefined => {
  try {
    assertUncommonPassword(password, about);
    return undefined;
  } catch (error) {
    return (error as { data: { errors: { path: string; code: string }[] } }).data.errors
      .map(({ path, code }) => `${path}: ${code}`)
      .join();
  }
};

describe("a new password", () => {
  test.each([
    "12345678",
    "Password1",
    "trustno1",
    "q1w2e3r4",
    "11111111",
    "zaq1zaq1",
    "PASSWORD123",
    "iloveyou2",
    "00000000",
    "qqqqqqqq",
    "xyzxyzxyz",
  ])("%s is one that attackers try first, in capitals or not", (password) =>
    expect(refusal(password)).toBe("password: common-password"),
  );

  test.each([
    "ada.lovelace@example.org",
    "Ada.Lovelace",
    "adalovelace",
    "lovelace1815",
    "Lovelace-2026!",
    "byron-king",
    "ByronKing99",
    "example.org",
    "thecornershop",
    "The Corner Shop!",
    "shopserver1",
    "ShopServer2026",
    "ada12345678",
  ])("%s is made of the owner's address or name, or of the shop's name", (password) => {
    expect(refusal(password)).toBe("password: own-words");
  });

  test.each([
    "correct horse battery",
    "lovelace wrote the first program",
    "corner of the old shop",
    "xK7-adder-9Qm",
    "a\nb\nc\nd\ne",
    "12345678\n123456789",
  ])("%j is taken", (password) => expect(refusal(password)).toBeUndefined());

  test("of someone whose name says nothing is held against nothing", () => {
    expect(refusal("li is my name", { email: "l@x.org", name: "Li", shop: "A" })).toBeUndefined();
    expect(refusal("correct horse", { email: "l@x.org", name: "…", shop: "!" })).toBeUndefined();
  });
});
