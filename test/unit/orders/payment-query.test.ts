import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { answeredQueries, queryDelay, watchDelay } from "../../../services/orders/domain/payment-query.ts";
import { rsaPrivateKey, rsaPublicKey } from "../../../services/orders/payments/providers/rsa-keys.ts";
import {
  idOfRefundNumber,
  idOfTradeNumber,
  refundNumberOf,
  tradeNumberOf,
} from "../../../services/orders/payments/providers/trade-number.ts";

describe("pauses between queries", () => {
  test("double up to the regular one, and on up to five minutes without a response", () => {
    const pauses = [0, 1, 2, 3, 4, 5, 6, 50].map((queries) => queryDelay(queries, 30_000) / 1000);
    expect(pauses).toEqual([7.5, 15, 30, 60, 120, 240, 300, 300]);
    expect(queryDelay(answeredQueries, 30_000)).toBe(30_000);
    expect(queryDelay(9, 3_600_000)).toBe(3_600_000);
  });

  test("of a closed link grow with its age", () => {
    expect(watchDelay(1000, 30_000)).toBe(30_000);
    expect(watchDelay(3_600_000, 30_000)).toBe(900_000);
  });
});

describe("numbers of trades", () => {
  const id = "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";

  test("are ids without hyphens, and lead back to them", () => {
    expect(tradeNumberOf(id)).toBe("0193a1b2c3d47e5f8a9b0c1d2e3f4a5b");
    expect(idOfTradeNumber(tradeNumberOf(id))).toBe(id);
    for (const foreign of ["", "20261130", `${tradeNumberOf(id)}0`, tradeNumberOf(id).toUpperCase()])
      expect(idOfTradeNumber(foreign)).toBeUndefined();
  });

  test("of refunds have the round of a retry", () => {
    expect(refundNumberOf(`${id}.2`)).toBe(`${tradeNumberOf(id)}_2`);
    for (const key of [id, `${id}.2`]) expect(idOfRefundNumber(refundNumberOf(key))).toBe(id);
  });
});

describe("RSA keys", () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const privatePem = privateKey.export({ format: "pem", type: "pkcs8" }).toString();

  test.each([
    ["PEM", privatePem],
    ["PEM on one line", privatePem.replaceAll("\n", "\\n")],
    ["Base64 of PKCS#8", privateKey.export({ format: "der", type: "pkcs8" }).toString("base64")],
    ["Base64 of PKCS#1", privateKey.export({ format: "der", type: "pkcs1" }).toString("base64")],
  ])("private ones are read as %s", (_form, text) => {
    expect(rsaPrivateKey(text, "KEY").equals(privateKey)).toBe(true);
  });

  test("public ones are read as PEM and as Base64; others are refused by their setting", () => {
    for (const text of [
      publicKey.export({ format: "pem", type: "spki" }).toString(),
      publicKey.export({ format: "der", type: "spki" }).toString("base64"),
    ])
      expect(rsaPublicKey(text, "KEY").equals(publicKey)).toBe(true);
    const other = generateKeyPairSync("ed25519").publicKey.export({ format: "pem", type: "spki" }).toString();
    for (const text of ["nonsense", other])
      expect(() => rsaPublicKey(text, "ALIPAY_PUBLIC_KEY")).toThrow(
        "bad setting: ALIPAY_PUBLIC_KEY must be an RSA key in PEM or Base64",
      );
  });
});
