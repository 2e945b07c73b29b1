import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Service } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { Result } from "../../mixins/contract/calls.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { eraseTexts } from "../../services/after-sales/jobs/erase-texts.job.ts";
import { delivered } from "../support/complaints.ts";
import { sendHttp } from "../support/http.ts";
import { photograph } from "../support/images/hostile-images.ts";
import type { Person } from "../support/people.ts";
import { newPerson } from "../support/people.ts";
import { runJob } from "../support/run-job.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

let shop: Shop;
let directory: string;
let buyer: Person;
let clerk: Person;
let picture: Buffer;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "shop-media-"));
  shop = await startShop({ env: { MEDIA_DIRECTORY: directory, SWEEP_INTERVAL_SECONDS: "1" } });
  [buyer, clerk] = [await newPerson(shop), await newPerson(shop, "support")];
  picture = await photograph(60, 40, 6);
}, 60_000);
afterAll(async () => {
  await shop?.stop();
  await rm(directory, { recursive: true, force: true });
});

const send = (method: string, path: string, { token }: Person, body?: Buffer | string) =>
  sendHttp(shop.url, {
    method,
    path: `/api/v1${path}`,
    token,
    ...(body === undefined ? {} : { body }),
    ...(Buffer.isBuffer(body) ? { headers: { "content-type": "image/jpeg" } } : {}),
  });
const get = async <T>(path: string, who: Person) => JSON.parse((await send("GET", path, who)).body) as T;

async function complaint(): Promise<string> {
  const as = customer(buyer.userId);
  const order = await delivered(shop, as, 1);
  const wish = { ...order, idempotencyKey: newId(), kind: "return-and-refund", reason: "damaged" } as const;
  return (await shop.call("after-sales.requests.create", wish, { as })).id;
}

/** Uploads the picture and waits until it is ready. */
async function added(path: string, who: Person): Promise<void> {
  const answer = await send("POST", path, who, picture);
  expect([answer.status, answer.body]).toEqual([202, expect.any(String)]);
  const { task } = JSON.parse(answer.body) as Result<"after-sales.images.add">;
  for (;;) {
    const { state } = await get<Result<"after-sales.tasks.get">>(`/after-sale-tasks/${task.id}`, who);
    if (state === "succeeded") return;
    expect(["queued", "running"]).toContain(state);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("the buyer shows what is wrong, both sides show more in messages, and others can neither", async () => {
  const id = await complaint();
  await added(`/after-sales/${id}/images`, buyer);
  for (const who of [clerk, await newPerson(shop)])
    expect((await send("POST", `/after-sales/${id}/images`, who, picture)).status).toBe(404);
  const write = async (who: Person, text: string) => {
    const { body } = await send("POST", `/after-sales/${id}/messages`, who, JSON.stringify({ text }));
    return (JSON.parse(body) as Result<"after-sales.messages.add">).id;
  };
  const [asked, answered] = [await write(buyer, "Look"), await write(clerk, "Like this?")];
  await added(`/after-sales/${id}/messages/${asked}/images`, buyer);
  await added(`/after-sales/${id}/messages/${answered}/images`, clerk);
  const others = `/after-sales/${id}/messages/${answered}/images`;
  expect((await send("POST", others, buyer, picture)).status).toBe(404);
  const elsewhere = `/after-sales/${await complaint()}/messages/${asked}/images`;
  expect((await send("POST", elsewhere, buyer, picture)).status).toBe(404);

  for (const who of [buyer, clerk]) {
    const { images } = await get<Result<"after-sales.requests.get">>(`/after-sales/${id}`, who);
    expect(images).toMatchObject([{ width: 40, height: 60 }]);
    const url = images[0]?.urls.card.jpeg ?? "";
    expect((await fetch(shop.url + url)).headers.get("content-type")).toBe("image/jpeg");
    const { items } = await get<Result<"after-sales.messages.list">>(`/after-sales/${id}/messages`, who);
    expect(items).toMatchObject([
      { author: "buyer", text: "Look", images: [{ width: 40 }] },
      { author: "staff", text: "Like this?", images: [{ width: 40 }] },
    ]);
  }
  await send("POST", `/after-sales/${id}/withdrawals`, buyer);
  expect((await send("POST", `/after-sales/${id}/images`, buyer, picture)).status).toBe(409);

  await shop.call("users.me.delete", {}, { as: customer(buyer.userId) });
  await shop.settled();
  await runJob(shop, "after-sales", eraseTexts);
  expect(await shop.call("after-sales.requests.get", { id })).toMatchObject({ images: [] });
  const { items } = await shop.call("after-sales.messages.list", { id });
  expect(items).toMatchObject([{ text: "–", images: [] }, { images: [{ width: 40 }] }]);
  const { database } = shop.broker.getLocalService("after-sales") as Service & ServiceWithDatabase;
  expect(await database.select("SELECT reference_count AS n FROM media_files")).toEqual([{ n: 1 }]);
}, 60_000);
