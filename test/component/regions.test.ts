import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { countryCodes } from "../../config/country-codes.ts";
import { regionData } from "../../services/users/regions/regions.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { homeAddress } from "../support/fixtures.ts";
import { sendHttp } from "../support/http.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";
import { stockedMug } from "../support/stocked-mug.ts";

interface Regions {
  readonly items: readonly {
    code: string;
    name: string;
    divisionCode: string | null;
    hasChildren: boolean;
  }[];
}

describe("regions", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startShop({ services: ["api", "users"] });
  });
  afterAll(() => shop?.stop());

  const get = async (path: string) => sendHttp(shop.url, { method: "GET", path: `/api/v1/regions${path}` });
  const regions = async (path: string) => (JSON.parse((await get(path)).body) as Regions).items;

  test("lead from China to a district", async () => {
    const provinces = await regions("/CN");
    expect(provinces).toHaveLength(34);
    expect(provinces).toContainEqual({
      code: "CN-GD",
      name: "广东省",
      divisionCode: "440000",
      hasChildren: true,
    });
    const cities = await regions("/CN/CN-GD");
    expect(cities).toContainEqual({
      code: "440300",
      name: "深圳市",
      divisionCode: "440300",
      hasChildren: true,
    });
    const districts = await regions("/CN/440300");
    expect(districts).toContainEqual({
      code: "440305",
      name: "南山区",
      divisionCode: "440305",
      hasChildren: false,
    });
    expect(await regions("/CN/440305")).toEqual([]);
  });

  test("have the levels of ISO 3166-2 elsewhere, and none where there are none", async () => {
    expect(await regions("/FR")).toContainEqual({
      code: "FR-ARA",
      name: expect.any(String),
      divisionCode: null,
      hasChildren: true,
    });
    expect(await regions("/FR/FR-ARA")).toContainEqual(
      expect.objectContaining({ code: "FR-01", name: "Ain" }),
    );
    expect(await regions("/VA")).toEqual([]);
  });

  test("are public, and kept by clients", async () => {
    const { headers } = await get("/GB");
    expect(headers.get("cache-control")).toContain("public");
    expect(headers.get("etag")).not.toBeNull();
  });

  test("of unknown codes, and of other countries' ones, are not found", async () => {
    for (const path of ["/CN/CN-XX", "/CN/US-CA", "/GB/440300", "/CN/999999"])
      expect({ path, status: (await get(path)).status }).toEqual({ path, status: 404 });
    expect((await get("/XX")).status).toBe(422);
  });

  test("every list is complete: each region's parent is one, and no list is longer than a form can show", async () => {
    const { children, subdivisions, divisions } = await regionData();
    const known = new Set([...subdivisions, ...divisions.keys(), ...countryCodes]);
    expect([...children.keys()].filter((parent) => !known.has(parent))).toEqual([]);
    const withChildren = [...children.values()].flat().filter(({ hasChildren }) => hasChildren);
    // Hong Kong and Macao are countries of their own in ISO 3166; their parts are in neither list of ISO 3166-2.
    expect(withChildren.filter(({ code }) => !children.has(code)).map(({ code }) => code)).toEqual([]);
    expect(Math.max(...[...children.values()].map(({ length }) => length))).toBeLessThanOrEqual(224);
  });

  test("of an address are checked against each other and the country", async () => {
    const as = customer();
    const address = { ...homeAddress, city: "深圳", postalCode: "518000", country: "CN" };
    const add = (codes: object) =>
      shop.call("users.addresses.add", { address: { ...address, ...codes } }, { as });
    const good = { subdivision: "CN-GD", divisionCode: "440305" };
    expect((await add(good)).address).toMatchObject(good);
    for (const [codes, path, code] of [
      [{ subdivision: "CN-XX" }, "address.subdivision", "unknown-code"],
      [{ subdivision: "US-CA" }, "address.subdivision", "other-country"],
      [{ divisionCode: "999999" }, "address.divisionCode", "unknown-code"],
      [{ divisionCode: "440305", country: "GB" }, "address.divisionCode", "other-country"],
      [{ subdivision: "CN-ZJ", divisionCode: "440305" }, "address.divisionCode", "other-province"],
    ] as const)
      await expect(add(codes)).rejects.toMatchObject({ data: { errors: [{ path, code }] } });
    const { id } = await add({});
    const changed = await shop.call(
      "users.addresses.change",
      { id, address: { ...address, ...good } },
      { as },
    );
    expect(changed.address).toMatchObject(good);
  });
});

test("an order copies the codes of the saved address that it is sent to", async () => {
  const shop = await startShop({ services: ["users", "catalog", "cart", "orders"] });
  const as = customer();
  const variantId = await stockedMug(shop, { quantity: 1, priceMinor: 1000 });
  const codes = { country: "CN", subdivision: "CN-GD", divisionCode: "440305" };
  const address = { ...homeAddress, city: "深圳", postalCode: "518000", ...codes };
  const { id: addressId } = await shop.call("users.addresses.add", { address }, { as });
  const cart = await shop.call("cart.create", {}, { as });
  await shop.call("cart.items.add", { id: cart.id, variantId, quantity: 1 }, { as });
  const { total } = await shop.call("cart.quote", { id: cart.id, country: "CN" }, { as });
  const wish = { cartId: cart.id, total, shippingAddress: { addressId }, idempotencyKey: newId() };
  const { id } = await shop.call("orders.place", wish, { as });
  expect((await shop.call("orders.get", { id }, { as })).shippingAddress).toEqual(address);
  await shop.stop();
});
