import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, stat, truncate, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { newId } from "../../mixins/contract/ids.ts";
import { nodeArguments } from "../../services/node/node-flags.ts";
import { clusterSettings } from "../support/cluster-shape.ts";
import { sendHttp } from "../support/http.ts";

const address = { name: "Ada", line1: "1 Row", city: "London", postalCode: "N1 1AA", country: "GB" };

const embedded = Object.keys(clusterSettings()).length === 0 ? describe : describe.skip;

/** Start of a killed shop with damaged database files. */
embedded("a shop that was killed after it had confirmed orders", () => {
  let directory: string;
  let number = 0;
  const running: ChildProcessWithoutNullStreams[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "damaged-files-"));
    await sellAndKill("killed");
    // A shop that was started before, so its files are not new.
    await cp(join(directory, "killed"), join(directory, "older"), { recursive: true });
    await sellAndKill("killed");
  }, 240_000);
  afterAll(async () => {
    for (const node of running) node.kill("SIGKILL");
    await rm(directory, { recursive: true });
  });

  function start(
    data: string,
    environment: Readonly<Record<string, string>> = {},
  ): ChildProcessWithoutNullStreams {
    const env = { PATH: "/usr/bin:/bin", DATA_DIR: join(directory, data), PORT: "0", ...environment };
    const node = spawn(process.execPath, nodeArguments, { env });
    running.push(node);
    return node;
  }

  /** @returns its URL */
  async function served(node: ChildProcessWithoutNullStreams): Promise<string> {
    let shown = "";
    // The pipe stays open: the shop writes to it as long as it runs.
    for await (const chunk of node.stdout.iterator({ destroyOnReturn: false })) {
      shown += String(chunk);
      const url = /http:\/\/\S+(?=\/api\/v1)/.exec(shown)?.[0];
      if (url) {
        node.stdout.resume();
        return url;
      }
    }
    throw new Error(`it has ended: ${shown}`);
  }

  /** Starts a shop, places three orders, and kills it. */
  async function sellAndKill(data: string): Promise<void> {
    const node = start(data);
    const url = await served(node);
    const ask = async (
      method: string,
      path: string,
      token?: string,
      body?: object,
      headers: Record<string, string> = {},
    ) => {
      const answer = await sendHttp(url, {
        method,
        path: `/api/v1${path}`,
        token,
        headers,
        body: body && JSON.stringify(body),
      });
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
      return JSON.parse(answer.body || "null");
    };
    const account = { email: `${newId()}@example.org`, password: "correct horse battery" };
    await ask("POST", "/auth/register", undefined, { ...account, name: "Ada" });
    const { accessToken: token } = await ask("POST", "/auth/login", undefined, account);
    const [{ id }] = (await ask("GET", "/products?limit=1&inStock=true")).items;
    const [{ id: variantId }] = (await ask("GET", `/products/${id}`)).variants;
    for (let orders = 0; orders < 3; orders += 1) {
      const { id: cartId } = await ask("POST", "/carts", token);
      await ask("POST", `/carts/${cartId}/items`, token, { variantId });
      const { total } = await ask("GET", `/carts/${cartId}/quote`, token);
      await ask(
        "POST",
        "/orders",
        token,
        { cartId, total, shippingAddress: address },
        { "idempotency-key": newId() },
      );
    }
    node.kill("SIGKILL");
    await once(node, "close");
  }

  /** A copy of the killed shop's files. */
  async function left(): Promise<string> {
    number += 1;
    await cp(join(directory, "killed"), join(directory, `${number}`), { recursive: true });
    return `${number}`;
  }

  async function flip(path: string, ...places: readonly number[]): Promise<void> {
    const content = await readFile(path);
    for (const at of places) for (let n = at; n < at + 8; n += 1) content[n] = (content[n] ?? 0) ^ 0xff;
    await writeFile(path, content);
  }

  /** Page offsets. Pages that are also in the WAL are not read from the file. */
  const pagesOf = async (path: string) =>
    Array.from({ length: (await stat(path)).size / 4096 - 1 }, (_, page) => 4096 * (page + 1));

  const orders = (data: string, part = "") => join(directory, data, `orders.sqlite${part}`);

  test("starts again without a word when nothing happened to them", async () => {
    const node = start(await left());
    const told = text(node.stderr);
    await served(node);
    node.kill("SIGTERM");
    expect(await told).toBe("");
  }, 240_000);

  test.each<[string, (data: string) => Promise<unknown>, RegExp]>([
    [
      "the log was cut in the middle",
      async (data) => truncate(orders(data, "-wal"), (await stat(orders(data, "-wal"))).size >> 1),
      /orders\.sqlite-wal is truncated or corrupt: \d+ of \d+ acknowledged pages are intact/,
    ],
    [
      "bytes of the log were flipped",
      async (data) => flip(orders(data, "-wal"), (await stat(orders(data, "-wal"))).size >> 1),
      /orders\.sqlite-wal is truncated or corrupt/,
    ],
    [
      "bytes of the file were flipped",
      async (data) => flip(orders(data), ...(await pagesOf(orders(data)))),
      /orders\.sqlite is damaged: /,
    ],
    [
      "the log was removed",
      (data) => unlink(orders(data, "-wal")),
      /orders\.sqlite-wal, with \d+ acknowledged pages, is missing/,
    ],
    [
      "the file was replaced by an older one",
      (data) => cp(orders("older"), orders(data)),
      /orders\.sqlite is an older copy/,
    ],
    [
      "file and log were replaced by older ones",
      async (data) => Promise.all(["", "-wal"].map((part) => cp(orders("older", part), orders(data, part)))),
      /orders\.sqlite is an older copy/,
    ],
    ["the file was removed", (data) => unlink(orders(data)), /orders\.sqlite is missing/],
  ])(
    "does not start when %s, and says how to go on",
    async (_name, damage, told) => {
      const data = await left();
      await damage(data);
      const node = start(data);
      const [said, [code]] = await Promise.all([text(node.stderr), once(node, "exit")]);
      expect(said).toMatch(told);
      // One line.
      expect(said).toMatch(
        /^shopserver: orders: .*: restore DATA_DIR from a backup(, or start once with ACCEPT_DATA_LOSS=true to continue without the lost data)? \(docs\S+\)\n$/,
      );
      expect(code).toBe(1);
    },
    30_000,
  );

  test("starts with the salvaged data on request, reports the loss, and starts normally from then on", async () => {
    const data = await left();
    await truncate(orders(data, "-wal"), (await stat(orders(data, "-wal"))).size >> 1);
    const accepting = start(data, { ACCEPT_DATA_LOSS: "true" });
    let shown = "";
    accepting.stdout.on("data", (chunk: Buffer) => (shown += chunk.toString()));
    const said = text(accepting.stderr);
    await served(accepting);
    accepting.kill("SIGTERM");
    expect((await said) + shown).toMatch(
      /acknowledged pages are intact: continuing without the lost data \(ACCEPT_DATA_LOSS\)/,
    );
    const again = start(data);
    await served(again);
    again.kill("SIGTERM");
    await once(again, "exit");
  }, 240_000);
});

embedded("a process that ends with files open", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "ended-files-"));
  });
  afterAll(() => rm(directory, { recursive: true }));

  test("When the tables were made by the command for it, the next process finds all that was confirmed", async () => {
    const migrate = async (direction: string) => {
      const program = join(import.meta.dirname, "../../services/operations/migrate.ts");
      const ended = spawn(process.execPath, [program, direction], {
        env: { PATH: "/usr/bin:/bin", DATA_DIR: directory },
      });
      const [code, said] = await Promise.all([
        once(ended, "close").then(([status]) => status as number),
        text(ended.stderr),
      ]);
      return { code, said };
    };
    expect(await migrate("up")).toEqual({ code: 0, said: "" });
    expect(await migrate("status")).toEqual({ code: 0, said: "" });
  }, 240_000);
});
