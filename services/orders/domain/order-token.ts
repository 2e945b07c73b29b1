import { createHash, createHmac } from "node:crypto";

/**
 * The token of a guest's order: an HMAC under the cart's token, a secret of 256 bits that the guest alone has. So a
 * repeated request is answered with the same token, although the shop stores its hash only.
 */
export function orderTokenOf(orderId: string, cartToken: string): { token: string; hash: string } {
  const token = `ot_${createHmac("sha256", cartToken).update(`order ${orderId}`).digest("base64url")}`;
  return { token, hash: createHash("sha256").update(token).digest("hex") };
}
