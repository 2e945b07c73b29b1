import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

const main = fileURLToPath(new URL("../../services/node/main.js", import.meta.url));

/** A shop in a process of its own, as `npm start` and `npm run dev` make it. */
class Process {
  readonly child: ChildProcessWithoutNullStreams;
  output = "";
  errors = "";
  #changed = Promise.withResolvers<void>();
  readonly #ended: Promise<number | null>;

  constructor(env: Readonly<Record<string, string>>, ...args: string[]) {
    this.child = spawn(process.execPath, [main, ...args], { env: { PATH: "/usr/bin:/bin", HOME: tmpdir(), ...env } });
    this.child.stdout.on("data", (chunk: Buffer) => this.#change(() => (this.output += chunk.toString())));
    this.child.stderr.on("data", (chunk: Buffer) => this.#change(() => (this.errors += chunk.toString())));
    this.#ended = new Promise((resolve) => {
      this.child.on("exit", (code) => {
        this.#change(() => undefined);
        resolve(code);
      });
    });
  }

  /** Resolves when the process has printed `text`; rejects when it ends before that. */
  async prints(text: string): Promise<void> {
    while (!(this.output + this.errors).includes(text)) {
      if (this.child.exitCode !== null) throw new Error(`ended without "${text}": ${this.output}${this.errors}`);
      await this.#changed.promise;
    }
  }

  #change(apply: () => void): void {
    apply();
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  ends(): Promise<number | null> {
    return this.#ended;
  }

  async stop(): Promise<number | null> {
    this.child.kill("SIGTERM");
    return this.ends();
  }

  get origin(): string {
    return /http:\/\/\S+(?=\/api\/v1)/.exec(this.output)?.[0] ?? "";
  }
}

describe("starting the shop", () => {
  let directory: string;
  let running: Process[] = [];
  const start = (env: Readonly<Record<string, string>> = {}, ...args: string[]) => {
    const shop = new Process({ DATA_DIR: join(directory, "data"), PORT: "0", ...env }, ...args);
    running.push(shop);
    return shop;
  };
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "shop-start-"));
    running = [];
  });
  afterEach(async () => {
    await Promise.all(running.map((shop) => shop.stop()));
    await rm(directory, { recursive: true, force: true });
  });

  test("the first start prints where everything is, fills the shop, and its administrator can log in", async () => {
    const shop = start();
    await shop.prints("administrator");
    expect(shop.output).toContain(`${shop.origin}/docs/`);

    const products = await (await fetch(`${shop.origin}/api/v1/products`)).json();
    expect(products).toMatchObject({ items: expect.arrayContaining([expect.objectContaining({ inStock: true })]) });
    const password = (await readFile(join(directory, "data", "administrator-password.txt"), "utf8")).trim();
    const login = await fetch(`${shop.origin}/api/v1/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: "admin@shop.example", password }),
    });
    expect(await login.json()).toMatchObject({ user: { role: "administrator" } });
  });

  test("starting again keeps the data", async () => {
    const first = start();
    await first.prints("administrator");
    const before: unknown = await (await fetch(`${first.origin}/api/v1/products?limit=100&count=true`)).json();
    expect(await first.stop()).toBe(0);

    const second = start();
    await second.prints("administrator");
    const after: unknown = await (await fetch(`${second.origin}/api/v1/products?limit=100&count=true`)).json();
    expect(after).toEqual(before);
  });

  const expectRefusal = async (shop: Process, line: RegExp) => {
    expect(await shop.ends()).toBe(1);
    expect(shop.errors.trimEnd()).toMatch(line);
    expect(shop.errors.trimEnd()).not.toContain("\n");
  };

  test("a taken port is named in one line", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const { port } = holder.address() as AddressInfo;
    await expectRefusal(start({ PORT: String(port) }), new RegExp(`^shopserver: bad setting: PORT: ${port} .*in use`));
    holder.close();
  });

  test("a data directory that cannot be written is named in one line", async () => {
    const file = join(directory, "a-file");
    await writeFile(file, "");
    await expectRefusal(start({ DATA_DIR: join(file, "data") }), /^shopserver: DATA_DIR .*a-file\/data: it cannot be written/);
    await expectRefusal(start({ DATA_DIR: "/proc/nowhere" }), /^shopserver: DATA_DIR \/proc\/nowhere: it cannot be written/);
  });

  test("a data directory that another process uses is named in one line", async () => {
    const first = start();
    await first.prints("administrator");
    await expectRefusal(start(), /^shopserver: DATA_DIR .*another process of the shop is using it$/);
  });

  test("a bad setting is named in one line", async () => {
    await expectRefusal(start({ PORT: "http", CURRENCY: "pounds" }), /^shopserver: bad setting: PORT: .*CURRENCY: /);
  });

  test("actions can be called from the console, and its end stops the shop", async () => {
    const shop = start({}, "--repl");
    await shop.prints("shop $");
    shop.child.stdin.write("call catalog.products.list --limit 1\n");
    await shop.prints("nextCursor");
    shop.child.stdin.write("call users.administrator.ensure\n");
    await shop.prints("validation-failed");
    shop.child.stdin.end();
    expect(await shop.ends()).toBe(0);
  });

  /** A request that stays under way for as long as the shop waits for its body. */
  const beginRequest = async (shop: Process): Promise<Socket> => {
    const socket = connect(Number(new URL(shop.origin).port), "127.0.0.1");
    socket.on("error", () => undefined);
    const head = "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n";
    // It answers the expectation when the request has begun.
    socket.write(`${head}Expect: 100-continue\r\n\r\n{`);
    await once(socket, "data");
    return socket;
  };

  test("asked a second time, it ends at once, whatever is under way", async () => {
    const shop = start();
    await shop.prints("administrator");
    const socket = await beginRequest(shop);
    while (shop.child.exitCode === null) {
      shop.child.kill("SIGTERM");
      await Promise.race([shop.ends(), delay(20)]);
    }
    expect([shop.child.exitCode, shop.errors]).toEqual([1, "shopserver: stopped at once: asked a second time\n"]);
    socket.destroy();
  });

  test("what does not finish in time is cut off", async () => {
    const shop = start({ STOP_SECONDS: "1" });
    await shop.prints("administrator");
    const socket = await beginRequest(shop);
    expect(await shop.stop()).toBe(1);
    expect(shop.errors).toBe("shopserver: stopped without finishing: it took longer than 1 s\n");
    socket.destroy();
  });
});
