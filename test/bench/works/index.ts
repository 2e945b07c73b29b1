import type { Work } from "../work.ts";
import { addToCart, readCart } from "./carts.ts";
import { coldDetail, coldList } from "./cold-reads.ts";
import { wholeFlow } from "./flow.ts";
import { hotDetail, hotList, hotUnchanged } from "./hot-reads.ts";
import { login } from "./login.ts";
import { hotListThroughNginx } from "./nginx.ts";
import { hotVariant, order } from "./orders.ts";
import { startAndRest } from "./start.ts";

export const works: readonly Work[] = [
  hotList,
  hotDetail,
  hotUnchanged,
  hotListThroughNginx,
  coldList,
  coldDetail,
  addToCart,
  readCart,
  order,
  wholeFlow,
  hotVariant,
  login,
  startAndRest,
];
