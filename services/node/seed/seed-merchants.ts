import type { Address } from "../../../mixins/contract/fields.ts";
import { drawLogo } from "../../catalog/demo/draw-picture.ts";
import { numberOf } from "../../catalog/demo/demo-mall.ts";
import type { Account } from "./accounts.ts";
import { callerOf, openAccount } from "./accounts.ts";
import { others, reasonsOfStaff } from "./data/applicants.ts";
import type { DemoMerchant } from "./data/demo-merchant.ts";
import { sellers } from "./data/merchants.ts";
import { cities } from "./data/people.ts";
import type { DemoShop } from "./demo-shop.ts";

/** A merchant of the mall with its owner. */
export interface Seller {
  readonly id: string;
  readonly demo: DemoMerchant;
  readonly owner: Account;
}

export const ownerEmail = ({ slug }: DemoMerchant) => `owner@${slug}.example`;

/** Merchants in every state, each with an owner, a logo and terms. */
export async function seedMerchants(shop: DemoShop, password: string): Promise<Seller[]> {
  return shop.each("merchants", [...sellers, ...others], async (demo) => {
    const seller = await apply(demo, shop, password);
    await decide(seller, shop);
    return seller;
  });
}

async function apply(demo: DemoMerchant, shop: DemoShop, password: string): Promise<Seller> {
  const { slug, name, description, owner: ownerName, logo } = demo;
  const email = ownerEmail(demo);
  const account = await openAccount(shop, { email, password, name: ownerName });
  const written = shop.texts({ name, description });
  const phone = `+44 20 7946 0${100 + numberOf(slug, 900)}`;
  const { id } = await shop.call(
    "merchants.apply",
    {
      slug,
      ...written,
      contact: { name: ownerName, email: `hello@${slug}.example`, phone },
      legal: {
        name: `${name[0]} Ltd`,
        registrationNumber: String(10_000_000 + numberOf(slug, 90_000_000)),
        address: addressOf(demo.owner, demo.city, slug),
      },
    },
    callerOf(account),
  );
  const owner: Account = { ...account, merchants: [{ merchantId: id, role: "owner" }] };
  const picture = { id, mediaType: "image/png" } as const;
  await shop.addPicture("merchants.logo.set", picture, drawLogo(logo), callerOf(owner));
  return { id, demo, owner };
}

async function decide({ id, demo, owner }: Seller, shop: DemoShop): Promise<void> {
  const { status, slug } = demo;
  if (status === "pending") return;
  if (status === "rejected") {
    await shop.call("merchants.reject", { id, reason: reasonsOfStaff.rejected });
    return;
  }
  await shop.call("merchants.approve", { id });
  const basisPoints = 500 + 100 * numberOf(slug, 11);
  await shop.call("merchants.terms.set", { id, basisPoints, expectedVersion: 1 });
  const invited = { id, email: `help@${slug}.example`, role: "support" } as const;
  await shop.call("merchants.members.invite", invited, callerOf(owner));
  if (status === "suspended") await shop.call("merchants.suspend", { id, reason: reasonsOfStaff.suspended });
  if (status === "closed") await shop.call("merchants.close", { id, reason: reasonsOfStaff.closed });
}

/** An invented address; the same for the same key. */
export function addressOf(name: string, city: DemoMerchant["city"], key: string): Address {
  const { streets, rest } = cities[city];
  const street = streets[numberOf(`${key} street`, streets.length)] ?? "";
  return { name, line1: street.replace("{n}", String(1 + numberOf(key, 140))), ...rest };
}
