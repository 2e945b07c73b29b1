import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { locale } from "../../../mixins/contract/localized.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { imageSummary } from "../../../mixins/media/contract.ts";
import { merchantStatus } from "./fields.ts";

const followed = z
  .strictObject({
    merchantId: id,
    slug: z.string(),
    name: z.string(),
    status: merchantStatus,
    logo: imageSummary.nullable(),
    followedAt: timestamp,
  })
  .meta({ id: "FollowedMerchant" });

/** Merchants that customers follow. */
export const followerActions = {
  "followed.list": action({
    summary: "Merchants that you follow",
    access: "signed-in",
    route: { method: "GET", path: "/me/favourites/merchants" },
    params: z.strictObject({ ...pageParams(["followedAt"], "-followedAt"), locale }),
    result: page(followed),
    errors: [],
    idempotent: true,
    localized: true,
  }),
  "followed.add": action({
    summary: "Follow a merchant",
    access: "signed-in",
    route: { method: "PUT", path: "/me/favourites/merchants/{id}" },
    params: z.strictObject({ id }),
    result: followed,
    errors: ["not-found", "limit-reached"],
    idempotent: true,
  }),
  "followed.remove": action({
    summary: "Follow a merchant no longer",
    access: "signed-in",
    route: { method: "DELETE", path: "/me/favourites/merchants/{id}" },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
  }),
};
