import type { KeyObject } from "node:crypto";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { AlipayStandInOptions } from "./alipay-stand-in.ts";
import type { WechatStandInOptions } from "./wechat-stand-in.ts";

const appId = "2021000000000001";
const mchId = "1900000001";
const publicKeyId = "PUB_KEY_ID_0000000000000001";
const modulusLength = 2048;

/** The keys of a shop and of stand-ins, made anew. */
export interface StandInKeys {
  readonly alipay: AlipayStandInOptions;
  readonly wechat: WechatStandInOptions;
  /** The shop's settings; without addresses. */
  readonly settings: Readonly<Record<string, string>>;
}

export function makeStandInKeys(): StandInKeys {
  const [app, ofAlipay, merchant, ofWechat] = [keyPair(), keyPair(), keyPair(), keyPair()];
  const apiV3Key = randomBytes(16).toString("hex");
  const serialNumber = randomBytes(20).toString("hex").toUpperCase();
  return {
    alipay: { appId, appKey: app.publicKey, privateKey: ofAlipay.privateKey },
    wechat: {
      mchId,
      merchantKey: merchant.publicKey,
      serialNumber,
      privateKey: ofWechat.privateKey,
      publicKeyId,
      apiV3Key,
    },
    settings: {
      ALIPAY_APP_ID: appId,
      ALIPAY_PRIVATE_KEY: base64Of(app.privateKey),
      ALIPAY_PUBLIC_KEY: base64Of(ofAlipay.publicKey),
      WECHAT_MCH_ID: mchId,
      WECHAT_APP_ID: "wx0000000000000001",
      WECHAT_PRIVATE_KEY: base64Of(merchant.privateKey),
      WECHAT_SERIAL_NUMBER: serialNumber,
      WECHAT_PUBLIC_KEY_ID: publicKeyId,
      WECHAT_PUBLIC_KEY: base64Of(ofWechat.publicKey),
      WECHAT_API_V3_KEY: apiV3Key,
    },
  };
}

/**
 * The shop's settings for stand-ins.
 *
 * @param url base URL of the stand-ins
 * @param webhooks base URL of the shop's routes for notices
 */
export function standInSettings(
  { settings }: StandInKeys,
  url: string,
  webhooks: string,
): Record<string, string> {
  return {
    ...settings,
    ALIPAY_GATEWAY_URL: `${url}/alipay/gateway.do`,
    ALIPAY_NOTIFY_URL: `${webhooks}/alipay`,
    WECHAT_API_URL: `${url}/wechat`,
    WECHAT_NOTIFY_URL: `${webhooks}/wechat`,
  };
}

export function keyPair(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync("rsa", { modulusLength });
}

/** As Alipay's tools write keys: DER in Base64. */
function base64Of(key: KeyObject): string {
  const exported =
    key.type === "private"
      ? key.export({ format: "der", type: "pkcs8" })
      : key.export({ format: "der", type: "spki" });
  return exported.toString("base64");
}
