import type { Result } from "../../mixins/contract/calls.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import { textsSnapshot } from "../../mixins/contract/texts.ts";
import type { MerchantCategory } from "./data/merchant-category-repository.ts";

type Details = Result<"catalog.merchant-categories.create">;

export function presentMerchantCategory(category: MerchantCategory): Omit<Details, "texts"> {
  const { id, merchantId, parentId, name, position, version, createdAt, updatedAt } = category;
  return {
    id,
    merchantId,
    parentId,
    name,
    position,
    version,
    createdAt: toTimestamp(createdAt),
    updatedAt: toTimestamp(updatedAt),
  };
}

/** With the texts in all languages, for those who edit it. */
export function presentMerchantCategoryDetails(category: MerchantCategory): Details {
  return { ...presentMerchantCategory(category), texts: category.texts };
}

/** Fields that members edit, for change events. */
export function merchantCategorySnapshot(category: MerchantCategory) {
  const { merchantId, parentId, name, position, texts } = category;
  return { merchantId, parentId, name, position, ...textsSnapshot(texts) };
}
