import { catalogue } from "./0001-catalogue.ts";
import { tasks } from "./0002-tasks.ts";
import { termsByProduct } from "./0003-terms-by-product.ts";
import { holders } from "./0004-holders.ts";
import { stockedProducts } from "./0005-stocked-products.ts";
import { productDetails } from "./0006-product-details.ts";
import { categoryTexts } from "./0007-category-texts.ts";
import { productTypes } from "./0008-product-types.ts";
import { brands } from "./0009-brands.ts";
import { images } from "./0010-images.ts";
import { collections } from "./0011-collections.ts";
import { search } from "./0012-search.ts";
import { brandAndCollectionTexts } from "./0013-brand-and-collection-texts.ts";
import { searchTuning } from "./0014-search-tuning.ts";
import { searchFeed } from "./0015-search-feed.ts";
import { searchCandidates } from "./0016-search-candidates.ts";
import { merchants } from "./0018-merchants.ts";
import { merchantCopies } from "./0019-merchant-copies.ts";
import { merchantCategories } from "./0020-merchant-categories.ts";
import { ratings } from "./0021-ratings.ts";
import { favourites } from "./0024-favourites.ts";
import { leaseHolders } from "./0025-lease-holders.ts";

export const migrations = [
  catalogue,
  tasks,
  termsByProduct,
  holders,
  stockedProducts,
  productDetails,
  categoryTexts,
  productTypes,
  brands,
  images,
  collections,
  search,
  brandAndCollectionTexts,
  searchTuning,
  searchFeed,
  searchCandidates,
  merchants,
  merchantCopies,
  merchantCategories,
  ratings,
  favourites,
  leaseHolders,
];
