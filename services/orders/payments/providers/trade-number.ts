/** Ids of the shop as providers take them that allow neither hyphens nor more than 32 characters. */
export function tradeNumberOf(id: string): string {
  return id.replaceAll("-", "");
}

/** The shop's id; undefined for a number that the shop did not make. */
export function idOfTradeNumber(tradeNumber: string): string | undefined {
  const parts = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(tradeNumber);
  return parts?.slice(1).join("-");
}

/** The number of a refund attempt, by its idempotency key: its id, and the round of a retry by staff. */
export function refundNumberOf(key: string): string {
  return tradeNumberOf(key).replace(".", "_");
}

/** The shop's id of a refund, without its round. */
export function idOfRefundNumber(refundNumber: string): string | undefined {
  return idOfTradeNumber(refundNumber.replace(/_\d+$/, ""));
}
