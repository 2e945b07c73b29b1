import type { KeyObject } from "node:crypto";
import { createDecipheriv, createSign, createVerify, randomBytes } from "node:crypto";
import { z } from "zod";
import type { NoticeHeaders } from "../provider-interface.ts";
import {
  InvalidSignature,
  ProviderRefusal,
  ProviderUnreachable,
  providerTimeoutMs,
} from "../provider-interface.ts";

const toleranceMs = 5 * 60_000;
const tagBytes = 16;

const refusal = z.object({ code: z.string(), message: z.string().optional() });
const sealed = z.object({
  algorithm: z.literal("AEAD_AES_256_GCM"),
  ciphertext: z.base64(),
  nonce: z.string().min(12).max(16),
  associated_data: z.string().optional(),
});

export type SealedResource = z.output<typeof sealed>;
export const sealedResource = sealed;

/** A refusal with WeChat Pay's code for it, such as `ORDER_NOT_EXIST`. */
export class WechatRefusal extends ProviderRefusal {
  override name = "WechatRefusal";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export interface WechatAccount {
  readonly mchId: string;
  readonly apiUrl: string;
  /** Serial number of the merchant's certificate, whose key signs requests. */
  readonly serialNumber: string;
  readonly privateKey: KeyObject;
  /** Id of WeChat Pay's public key, and the key, which verifies responses and notices. */
  readonly publicKeyId: string;
  readonly publicKey: KeyObject;
  /** 32 bytes that decrypt notices. */
  readonly apiV3Key: string;
}

/** WeChat Pay's API v3: JSON with signatures of both sides over a line each of what they cover. */
export class WechatClient {
  readonly #account: WechatAccount;

  constructor(account: WechatAccount) {
    this.#account = account;
  }

  /** Base64 of the signature over these lines. */
  sign(...lines: readonly string[]): string {
    return createSign("RSA-SHA256").update(linesOf(lines)).sign(this.#account.privateKey, "base64");
  }

  /**
   * Sends a request, and verifies the response.
   *
   * @param path with its query
   * @returns null for an empty response
   * @throws WechatRefusal, ProviderUnreachable when the outcome is unknown
   */
  async ask(method: "GET" | "POST", path: string, content?: object): Promise<unknown> {
    const { mchId, serialNumber, apiUrl, publicKeyId } = this.#account;
    const body = content ? JSON.stringify(content) : "";
    const timestamp = String(Math.floor(Date.now() / 1000));
    const nonce = newNonce();
    const signature = this.sign(method, path, timestamp, nonce, body);
    const parts = { mchid: mchId, nonce_str: nonce, signature, timestamp, serial_no: serialNumber };
    const token = Object.entries(parts).map(([name, value]) => `${name}="${value}"`);
    const headers = {
      authorization: `WECHATPAY2-SHA256-RSA2048 ${token.join(",")}`,
      accept: "application/json",
      "content-type": "application/json",
      "user-agent": "shopserver",
      "wechatpay-serial": publicKeyId,
    };
    const signal = AbortSignal.timeout(providerTimeoutMs);
    try {
      const response = await fetch(apiUrl + path, { method, headers, signal, ...(content && { body }) });
      const text = await response.text();
      const { status } = response;
      if (status >= 500 || status === 429 || status === 401)
        throw unknown(`WeChat Pay responded with ${status}`);
      this.#verify(text, Object.fromEntries(response.headers), Date.now());
      const answer: unknown = text === "" ? null : JSON.parse(text);
      if (response.ok) return answer;
      const { code, message = code } = refusal.parse(answer);
      if (code === "SYSTEM_ERROR" || code === "FREQUENCY_LIMITED")
        throw unknown(`WeChat Pay failed: ${code}`);
      throw new WechatRefusal(code, message);
    } catch (cause) {
      if (cause instanceof ProviderRefusal || cause instanceof ProviderUnreachable) throw cause;
      const timedOut = signal.aborted;
      const what = timedOut ? "timed out" : "gave no verifiable response";
      throw new ProviderUnreachable(`WeChat Pay ${what}`, { timedOut, cause });
    }
  }

  /** @throws InvalidSignature */
  verifyNotice(body: Buffer, headers: NoticeHeaders, now: number): void {
    this.#verify(body.toString("utf8"), headers, now);
  }

  /** @throws InvalidSignature, SyntaxError when it is not encrypted with the shop's key */
  open({ ciphertext, nonce, associated_data: associated = "" }: SealedResource): unknown {
    const bytes = Buffer.from(ciphertext, "base64");
    try {
      const cipher = createDecipheriv("aes-256-gcm", this.#account.apiV3Key, nonce, {
        authTagLength: tagBytes,
      });
      cipher.setAAD(Buffer.from(associated)).setAuthTag(bytes.subarray(-tagBytes));
      const opened = Buffer.concat([cipher.update(bytes.subarray(0, -tagBytes)), cipher.final()]);
      return JSON.parse(opened.toString("utf8"));
    } catch (cause) {
      throw new SyntaxError("the notice cannot be decrypted", { cause });
    }
  }

  #verify(body: string, headers: NoticeHeaders, now: number): void {
    const { publicKey, publicKeyId } = this.#account;
    const timestamp = headers["wechatpay-timestamp"] ?? "";
    const nonce = headers["wechatpay-nonce"] ?? "";
    const signature = headers["wechatpay-signature"] ?? "";
    const isRecent = /^\d{1,12}$/.test(timestamp) && Math.abs(now - Number(timestamp) * 1000) <= toleranceMs;
    if (!isRecent || headers["wechatpay-serial"] !== publicKeyId) throw new InvalidSignature();
    const text = linesOf([timestamp, nonce, body]);
    if (!createVerify("RSA-SHA256").update(text, "utf8").verify(publicKey, signature, "base64"))
      throw new InvalidSignature();
  }
}

export function newNonce(): string {
  return randomBytes(16).toString("hex");
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

function unknown(message: string): ProviderUnreachable {
  return new ProviderUnreachable(message, { timedOut: false });
}
