import type { DemoPerson } from "./data/people.ts";
import { demoPeople } from "./data/people.ts";
import { numberOf } from "../../catalog/demo/demo-mall.ts";
import { drawLogo } from "../../catalog/demo/draw-picture.ts";
import type { Account } from "./accounts.ts";
import { callerOf, openAccount } from "./accounts.ts";
import type { DemoShop } from "./demo-shop.ts";
import { addressOf } from "./seed-merchants.ts";

/** A customer of the mall. */
export interface Customer {
  /** From 0; the same in each shop. */
  readonly number: number;
  readonly demo: DemoPerson;
  readonly account: Account;
  /** Where their orders go. */
  readonly address: { readonly id: string; readonly country: string };
  /** The language that they write in; null: the shop's default. */
  readonly locale: string | null;
}

export const customerEmail = (number: number) => `customer${number + 1}@demo.example`;

/** Whether an earlier run has opened the accounts. */
export async function hasCustomers(shop: DemoShop): Promise<boolean> {
  const { items } = await shop.call("users.list", { email: customerEmail(0), limit: 1 });
  return items.length > 0;
}

/** Customers with a profile and addresses, some with a picture. */
export async function seedCustomers(shop: DemoShop, password: string): Promise<Customer[]> {
  return shop.each("customers", demoPeople, (demo, number) => seedCustomer(demo, number, shop, password));
}

async function seedCustomer(
  demo: DemoPerson,
  number: number,
  shop: DemoShop,
  password: string,
): Promise<Customer> {
  const { name, nickname = null, gender = null, birthday = null, city } = demo;
  const account = await openAccount(shop, { email: customerEmail(number), name, password });
  const as = callerOf(account);
  const locale = shop.localeOf(demo.locale);
  await shop.call("users.me.update", { nickname, gender, birthday, locale }, as);
  const address = addressOf(name, city, `home ${number}`);
  const home = await shop.call(
    "users.addresses.add",
    { label: shop.text(["Home", "家", "自宅"], locale), address, isDefault: true },
    as,
  );
  if (number % 2 === 0)
    await shop.call(
      "users.addresses.add",
      {
        label: shop.text(["Work", "公司", "職場"], locale),
        address: addressOf(name, city, `work ${number}`),
      },
      as,
    );
  if (number % 5 === 0) {
    const svg = drawLogo({ shape: "bear", hue: numberOf(name, 360) });
    await shop.addPicture("users.me.avatar.set", { mediaType: "image/png" }, svg, as);
  }
  return { number, demo, account, address: { id: home.id, country: address.country }, locale };
}
