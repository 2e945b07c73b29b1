import type { PicturedKind } from "../../mixins/media/image-parts.ts";
import type { MerchantRepository } from "./data/merchant-repository.ts";

export const logoKind = "merchant";

/** A merchant's only image. */
export function logos(merchants: MerchantRepository): PicturedKind {
  return {
    kind: logoKind,
    max: 1,
    lock: async (id, tx, among) => (await merchants.lock(id, tx, among)) !== undefined,
    save: async ({ ownerId: merchantId, before, after: [logo] }, tx) => {
      await merchants.setLogo(merchantId, logo ?? null, tx);
      const idOf = (image: { readonly id: string } | undefined) => ({ logo: image?.id ?? null });
      tx.publish("merchants.profile-changed", { merchantId, before: idOf(before[0]), after: idOf(logo) });
    },
  };
}
