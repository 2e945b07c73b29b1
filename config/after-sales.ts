import type { Env } from "./env.ts";

const hour = 3_600_000;
const day = 24 * hour;

/** How long each side of an after-sale may take, in milliseconds. */
export interface AfterSalesConfig {
  /** After the last delivery, to make a request. */
  readonly requestMs: number;
  /** For the merchant's answer. */
  readonly answerMs: number;
  /** For the buyer to have a rejection decided by staff. */
  readonly escalateMs: number;
  /** For the staff's decision. */
  readonly decideMs: number;
  /** For the buyer to send the goods back. */
  readonly sendMs: number;
  /** For the goods to arrive. */
  readonly receiveMs: number;
  /** For the merchant to send the replacement. */
  readonly replaceMs: number;
}

export function afterSalesConfig(env: Env): AfterSalesConfig {
  return {
    requestMs: env.AFTER_SALE_REQUEST_DAYS * day,
    answerMs: env.AFTER_SALE_ANSWER_HOURS * hour,
    escalateMs: env.AFTER_SALE_ESCALATE_DAYS * day,
    decideMs: env.AFTER_SALE_DECIDE_DAYS * day,
    sendMs: env.AFTER_SALE_SEND_DAYS * day,
    receiveMs: env.AFTER_SALE_RECEIVE_DAYS * day,
    replaceMs: env.AFTER_SALE_REPLACE_DAYS * day,
  };
}
