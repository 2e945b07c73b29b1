import { favouriteProducts } from "./0001-favourites.ts";
import { favouriteCounts } from "./0002-favourite-counts.ts";
import { ownersOfProducts } from "./0003-owners-of-products.ts";

export const migrations = [favouriteProducts, favouriteCounts, ownersOfProducts];
