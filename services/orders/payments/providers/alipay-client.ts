import type { KeyObject } from "node:crypto";
import { createSign, createVerify } from "node:crypto";
import { z } from "zod";
import {
  InvalidSignature,
  ProviderRefusal,
  ProviderUnreachable,
  providerTimeoutMs,
} from "../provider-interface.ts";

const beijingOffsetMs = 8 * 3_600_000;

const answer = z.looseObject({
  code: z.string(),
  sub_code: z.string().optional(),
  sub_msg: z.string().optional(),
});

export type AlipayParams = Readonly<Record<string, string>>;

/** A refusal with Alipay's code for it. */
export class AlipayRefusal extends ProviderRefusal {
  override name = "AlipayRefusal";
  /** Such as `ACQ.TRADE_NOT_EXIST`. */
  readonly subCode: string;

  constructor(subCode: string, message: string) {
    super(message);
    this.subCode = subCode;
  }
}

export interface AlipayAccount {
  readonly appId: string;
  readonly gatewayUrl: string;
  /** The app's private key, which signs requests. */
  readonly privateKey: KeyObject;
  /** Alipay's public key, which verifies responses and notices. */
  readonly alipayKey: KeyObject;
}

/** Alipay's open API: form-encoded requests and JSON responses, both with RSA2 signatures. */
export class AlipayClient {
  readonly #account: AlipayAccount;

  constructor(account: AlipayAccount) {
    this.#account = account;
  }

  /** The params of a signed request. @param others such as `notify_url` */
  signed(method: string, bizContent: object, now: number, others: AlipayParams = {}): URLSearchParams {
    const params = {
      app_id: this.#account.appId,
      method,
      format: "JSON",
      charset: "utf-8",
      sign_type: "RSA2",
      timestamp: beijingTime(now),
      version: "1.0",
      biz_content: JSON.stringify(bizContent),
      ...others,
    };
    const sign = createSign("RSA-SHA256").update(signedText(params)).sign(this.#account.privateKey, "base64");
    return new URLSearchParams({ ...params, sign });
  }

  /** A signed URL to which the customer is sent. */
  urlOf(method: string, bizContent: object, now: number, others: AlipayParams): string {
    return `${this.#account.gatewayUrl}?${this.signed(method, bizContent, now, others).toString()}`;
  }

  /**
   * Asks Alipay, and verifies its response.
   *
   * @throws AlipayRefusal, ProviderUnreachable when the outcome is unknown
   */
  async ask(
    method: string,
    bizContent: object,
    now: number,
    others: AlipayParams = {},
  ): Promise<Readonly<Record<string, unknown>>> {
    const signal = AbortSignal.timeout(providerTimeoutMs);
    const body = this.signed(method, bizContent, now, others);
    try {
      // The charset of the URL is that of the form.
      const response = await fetch(`${this.#account.gatewayUrl}?charset=utf-8`, {
        method: "POST",
        body,
        signal,
      });
      const text = await response.text();
      if (!response.ok) throw unknown(`Alipay responded with ${response.status}`);
      return this.#verified(method, text);
    } catch (cause) {
      if (cause instanceof ProviderRefusal || cause instanceof ProviderUnreachable) throw cause;
      const timedOut = signal.aborted;
      throw new ProviderUnreachable(`Alipay ${timedOut ? "timed out" : "is unreachable"}`, {
        timedOut,
        cause,
      });
    }
  }

  #verified(method: string, text: string): Readonly<Record<string, unknown>> {
    const node = `"${method.replaceAll(".", "_")}_response":`;
    // What is signed is the text of the response's object, as it is.
    const from = text.indexOf(node);
    const to = text.lastIndexOf(',"sign":"');
    const signature = /^,"sign":"([^"]+)"/.exec(text.slice(to))?.[1];
    const content = text.slice(from + node.length, to);
    if (from === -1 || to === -1 || signature === undefined)
      throw unknown("Alipay's response has no signature");
    if (!this.#isSigned(content, signature)) throw unknown("Alipay's response has another signature");
    const read = answer.safeParse(JSON.parse(content));
    if (!read.success) throw unknown("Alipay's response has an unknown format");
    const { code, sub_code: subCode = "", sub_msg: message = "Alipay refused" } = read.data;
    if (code === "10000") return read.data;
    // 20000: unavailable; SYSTEM_ERROR: the outcome is to be asked for.
    if (code === "20000" || subCode.endsWith("SYSTEM_ERROR")) throw unknown(`Alipay failed: ${subCode}`);
    throw new AlipayRefusal(subCode, message);
  }

  /** @throws InvalidSignature; the params of a notice otherwise */
  verifiedNotice(body: Buffer): Readonly<Record<string, string>> {
    const {
      sign,
      sign_type: signType,
      ...params
    } = Object.fromEntries(new URLSearchParams(body.toString("utf8")));
    if (sign === undefined || signType !== "RSA2" || !this.#isSigned(signedText(params), sign))
      throw new InvalidSignature();
    if (params["app_id"] !== this.#account.appId) throw new InvalidSignature();
    return params;
  }

  #isSigned(text: string, signature: string): boolean {
    return createVerify("RSA-SHA256")
      .update(text, "utf8")
      .verify(this.#account.alipayKey, signature, "base64");
  }
}

function unknown(message: string): ProviderUnreachable {
  return new ProviderUnreachable(message, { timedOut: false });
}

/** Non-empty params in the order of their names. */
export function signedText(params: Readonly<Record<string, string>>): string {
  return Object.keys(params)
    .filter((name) => params[name] !== "")
    .toSorted((one, other) => (one < other ? -1 : 1))
    .map((name) => `${name}=${params[name]}`)
    .join("&");
}

/** `2026-11-30 20:15:00`, as Alipay's clocks show it. */
export function beijingTime(now: number): string {
  return new Date(now + beijingOffsetMs).toISOString().slice(0, 19).replace("T", " ");
}
