import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Result } from "../../mixins/contract/calls.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { problemIn, sendHttp } from "../support/http.ts";
import { join, newMerchant, verifiedPerson } from "../support/merchant-of.ts";
import type { Person } from "../support/people.ts";
import { logIn, newPerson } from "../support/people.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

type Task = Result<"catalog.tasks.get">;
type Report = {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly errors: readonly {
    readonly row: number;
    readonly field: string;
    readonly code: string;
    readonly message: string;
  }[];
};

let shop: Shop;
let ids: Readonly<Record<"teapots" | "kettles", string>>;
/** Owners of the two merchants. */
let ada: Person;
let grace: Person;
/** Works for both. */
let both: Person;
beforeAll(async () => {
  shop = await startShop({ env: { SWEEP_INTERVAL_SECONDS: "3600" } });
  [ada, grace, both] = await Promise.all([newPerson(shop), newPerson(shop), verifiedPerson(shop)]);
  ids = {
    teapots: await newMerchant(shop, ada, { slug: "teapots" }),
    kettles: await newMerchant(shop, grace, { slug: "kettles" }),
  };
  for (const id of Object.values(ids)) await join(shop, id, both, "merchandiser");
}, 60_000);
afterAll(() => shop?.stop());

const send = ({ token }: Person, method: string, path: string, body?: string, type = "text/csv") =>
  sendHttp(shop.url, {
    method,
    path: `/api/v1${path}`,
    token,
    body,
    headers: body === undefined ? {} : { "content-type": type },
  });

/** Imports a file with this header and rows. */
async function importAs(as: Person, ...lines: readonly string[]): Promise<Report> {
  const started = await send(as, "POST", "/products/imports", `${lines.join("\n")}\n`);
  expect([started.status, started.body]).toEqual([202, expect.any(String)]);
  const { task } = JSON.parse(started.body) as { task: Task };
  for (;;) {
    const { state, result } = JSON.parse((await send(as, "GET", `/tasks/${task.id}`)).body) as Task;
    if (state === "succeeded") return result as unknown as Report;
    if (state === "failed") throw new Error(`the import failed: ${JSON.stringify(result)}`);
    await pause(20);
  }
}
const faultsIn = ({ errors }: Report) => errors.map(({ row, field, code }) => [row, field, code]);
const productOf = (slug: string) => shop.call("catalog.products.get", { idOrSlug: slug });
const stockOf = async (slug: string) => {
  const { variants } = await productOf(slug);
  return shop.call("catalog.stock.get", { variantId: variants[0]?.id ?? "" });
};

const header = "product,name,merchant,status,sku,price,stock";

describe("an import by a member of a merchant", () => {
  test("makes and changes the merchant's own products, with their stock", async () => {
    const [slug, sku] = [`pot-${newId()}`, newId()];
    const made = await importAs(ada, header, `${slug},Pot,,published,${sku},10.00,7`);
    expect(made).toMatchObject({ created: 1, failed: 0 });
    expect(await productOf(slug)).toMatchObject({ merchantId: ids.teapots, merchant: { slug: "teapots" } });
    expect(await stockOf(slug)).toMatchObject({ onHand: 7, received: 7 });
    const changed = await importAs(ada, "product,name,sku,price", `${slug},Tea pot,${sku},11.00`);
    expect(changed).toMatchObject({ updated: 1, failed: 0 });
    expect(await productOf(slug)).toMatchObject({ name: "Tea pot", merchantId: ids.teapots });
  });

  test("says of others' products no more than that a slug or a SKU is taken", async () => {
    const [slug, sku, own] = [`kettle-${newId()}`, newId(), `pot-${newId()}`];
    await importAs(grace, header, `${slug},Kettle,,published,${sku},10.00,7`);
    await importAs(grace, "product,status", `${slug},archived`);
    await importAs(ada, "product,name", `${own},Pot`);
    const before = await productOf(slug);
    const rows = [
      // Its status, its variants, its type and its merchant would each be a fault of their own.
      `${slug},Mine,,draft,,,`,
      `${slug},Mine,,,${newId()},1.00,5`,
      `${slug},,,,${newId()},,`,
      `${slug},Mine,kettles,,,,`,
      `${own},,,,${sku},1.00,5`,
      `,,,,${sku},1.00,`,
      `${slug},,,,${sku},1.00,`,
    ];
    const report = await importAs(ada, header, ...rows);
    expect(report).toMatchObject({ created: 0, updated: 0, unchanged: 0, failed: rows.length });
    expect(faultsIn(report)).toEqual([
      [1, "product", "already-exists"],
      [2, "product", "already-exists"],
      [3, "product", "already-exists"],
      [4, "product", "already-exists"],
      [5, "sku", "already-exists"],
      [6, "sku", "already-exists"],
      [7, "product", "already-exists"],
      [7, "sku", "already-exists"],
    ]);
    expect(new Set(report.errors.map(({ message }) => message))).toEqual(new Set(["is taken"]));
    expect(await productOf(slug)).toEqual(before);
    expect(await stockOf(slug)).toMatchObject({ onHand: 7 });
  });

  test("treats the shop's own products, and other merchants, as any others", async () => {
    const [house, free] = [`house-${newId()}`, `pot-${newId()}`];
    await shop.call("catalog.products.create", { slug: house, name: "House" });
    const other = (merchant: string) => `${free},Pot,${merchant},,,,`;
    const report = await importAs(
      ada,
      header,
      `${house},Mine,,,,,`,
      other("kettles"),
      other("nobody-of-this-name"),
    );
    expect(report).toMatchObject({ failed: 3, created: 0 });
    expect(faultsIn(report)).toEqual([
      [1, "product", "already-exists"],
      [2, "merchant", "not-found"],
      [3, "merchant", "not-found"],
    ]);
    expect(report.errors[1]?.message).toBe(report.errors[2]?.message);
  });

  test("of several merchants names one of them for each new product, and is told so", async () => {
    const [mine, theirs, known] = [newId(), newId(), newId()].map((id) => `both-${id}`);
    const report = await importAs(
      both,
      header,
      `${mine},Pot,teapots,,${newId()},1.00,3`,
      `${theirs},Kettle,kettles,,${newId()},1.00,4`,
      `${known},Pot,,,${newId()},1.00,5`,
    );
    expect(report).toMatchObject({ created: 2, failed: 1 });
    expect(report.errors).toEqual([
      {
        row: 3,
        field: "merchant",
        code: "required",
        message: "must be one of the merchants that you work for",
      },
    ]);
    expect(await productOf(mine ?? "")).toMatchObject({ merchantId: ids.teapots });
    expect(await productOf(theirs ?? "")).toMatchObject({ merchantId: ids.kettles });
    expect(await stockOf(theirs ?? "")).toMatchObject({ onHand: 4 });
    // Existing ones say it themselves, and stay where they are.
    expect(await importAs(both, "product,name", `${mine},Tea pot`)).toMatchObject({ updated: 1 });
    expect(faultsIn(await importAs(both, "product,merchant", `${mine},kettles`))).toEqual([
      [1, "merchant", "forbidden"],
    ]);
    expect(await productOf(mine ?? "")).toMatchObject({ name: "Tea pot", merchantId: ids.teapots });
  });

  test("needs a role with catalog:write at one of them", async () => {
    const slug = `pot-${newId()}`;
    for (const role of ["stock-keeper", "support", "accountant"] as const) {
      const member = await verifiedPerson(shop);
      await join(shop, ids.teapots, member, role);
      const answer = await send(member, "POST", "/products/imports", `product,name\n${slug},Pot\n`);
      expect([role, answer.status, problemIn(answer)]).toEqual([role, 403, "forbidden"]);
    }
    await expect(productOf(slug)).rejects.toMatchObject({ type: "not-found" });
  });
});

test("stock is received through a file for those merchants only where its sender's role may adjust stock", async () => {
  const editor = await verifiedPerson(shop);
  await join(shop, ids.teapots, editor, "stock-keeper");
  await shop.call("users.roles.create", { name: "editor", summary: "Texts", permissions: ["catalog:write"] });
  const { version } = await shop.call("users.get", { id: editor.userId });
  await shop.call("users.update", { id: editor.userId, role: "editor", expectedVersion: version });
  const [house, kettle, pot] = [newId(), newId(), newId()].map((id) => `new-${id}`);
  const report = await importAs(
    await logIn(shop, editor.email),
    header,
    `${house},House,,,${newId()},1.00,3`,
    `${kettle},Kettle,kettles,,${newId()},1.00,4`,
    `${pot},Pot,teapots,,${newId()},1.00,5`,
    `${house},House,,,${newId()},1.00,0`,
  );
  expect(faultsIn(report)).toEqual([
    [1, "stock", "forbidden"],
    [2, "stock", "forbidden"],
  ]);
  expect(await stockOf(pot ?? "")).toMatchObject({ onHand: 5 });
  expect(await stockOf(house ?? "")).toMatchObject({ onHand: 0 });
});
