/** @embedded Its programs run without servers. */
import type { ChildProcess, ChildProcessWithoutNullStreams } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import type { AddressInfo, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { environmentWith } from "../../config/index.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const main = fileURLToPath(new URL("../../services/node/main.js", import.meta.url));

/** Enough for tests of the process itself; starts in half the time. */
const fewServices = { SERVICES: "api,users" };

/** PATH as set by npm: this project's Node first, for the framework's runner. */
const runnerPath = `${join(root, "node_modules/.bin")}:/usr/bin:/bin`;

/** A shop as a separate process, like `npm start` and `npm run dev`. */
class Process {
  readonly child: ChildProcessWithoutNullStreams;
  output = "";
  errors = "";
  #changed = Promise.withResolvers<void>();
  readonly #ended: Promise<number | null>;

  constructor(env: Readonly<Record<string, string>>, ...args: string[]) {
    this.child = this.begin(args, { PATH: "/usr/bin:/bin", HOME: tmpdir(), ...env });
    this.child.stdout.on("data", (chunk: Buffer) => this.#change(() => (this.output += chunk.toString())));
    this.child.stderr.on("data", (chunk: Buffer) => this.#change(() => (this.errors += chunk.toString())));
    this.#ended = new Promise((resolve) => {
      this.child.on("exit", (code) => {
        this.#change(() => undefined);
        resolve(code);
      });
    });
  }

  protected begin(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, [main, ...args], { env });
  }

  /** Resolves when the process has printed `text`; rejects when it ends before that. */
  async prints(text: string): Promise<void> {
    while (!(this.output + this.errors).includes(text)) {
      if (this.child.exitCode !== null)
        throw new Error(`ended without "${text}": ${this.output}${this.errors}`);
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

/** Services started by the framework's own runner, as `moleculer.config.ts` advises. */
class RunnerProcess extends Process {
  protected override begin(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): ChildProcessWithoutNullStreams {
    return spawn("moleculer-runner", ["-c", "moleculer.config.ts", ...args], {
      cwd: root,
      env: { ...env, PATH: runnerPath },
    });
  }
}

/** A shop as `npm run dev` starts it. */
class DevProcess extends Process {
  protected override begin(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, ["--watch", main, "--repl", ...args], { env });
  }

  /** After the last start. */
  override get origin(): string {
    return [...this.output.matchAll(/http:\/\/\S+(?=\/api\/v1)/g)].at(-1)?.[0] ?? "";
  }
}

describe("npm run dev", () => {
  test("starts again when the file of a plain service changes", async () => {
    const directory = await mkdtemp(join(tmpdir(), "shop-dev-"));
    const write = (word: string) =>
      writeFile(
        join(directory, "word.service.js"),
        `export default { name: "word", actions: { say: { rest: "GET /", access: "anyone", handler: () => "${word}" } } };`,
      );
    await write("one");
    const env = {
      SHOP_EXTENSIONS: directory,
      DATA_DIR: join(directory, "data"),
      PORT: "0",
      LOG_LEVEL: "error",
    };
    const shop = new DevProcess(env, "api,word");
    try {
      const said = async () => (await fetch(`${shop.origin}/api/v1/word`)).json().catch(() => undefined);
      await shop.prints("documentation");
      expect(await said()).toBe("one");
      await write("two");
      while ((await said().catch(() => undefined)) !== "two") await delay(50);
    } finally {
      await shop.stop();
      await rm(directory, { recursive: true, force: true });
    }
  }, 240_000);
});

describe("moleculer-runner", () => {
  let directory: string;
  let running: Process | undefined;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "shop-runner-"));
  });
  afterEach(async () => {
    await running?.stop();
    await rm(directory, { recursive: true, force: true });
  });
  const users = "services/users/users.service.ts";
  const catalog = "services/catalog/catalog.service.ts";
  const greeter = "test/fixtures/extensions/greeter/greeter.service.ts";
  const run = (...args: string[]) =>
    (running = new RunnerProcess({ DATA_DIR: directory, LOG_FORMAT: "text", LOG_LEVEL: "info" }, ...args));

  test.each([
    ["one service", [users]],
    ["several services", [users, catalog]],
    ["a plain service", [greeter]],
  ])("starts %s, and stops in good order", async (_what, files) => {
    const names = files.map((file) => basename(file, ".service.ts"));
    const shop = run(...files);
    for (const name of names) await shop.prints(`Service '${name}' started`);
    expect(await shop.stop()).toBe(0);
    for (const name of names) expect(shop.output).toContain(`Service '${name}' stopped`);
  });

  test("a plain service says which of its actions are not routed, and why", async () => {
    const shop = run(greeter);
    await shop.prints("Service 'greeter' started");
    expect(shop.output + shop.errors).toContain(
      "greeter.everything is not routed: it names no method, as in GET /path",
    );
    expect(shop.output + shop.errors).toContain("greeter.inner is not routed: its visibility is public");
  });

  test("with --repl, its console is the operator's", async () => {
    const shop = run("--repl", users, catalog);
    await shop.prints("shop $");
    shop.child.stdin.write("call users.roles.list\n");
    await shop.prints("Looks after the catalogue");
    shop.child.stdin.write("cache keys\ncache clear\n");
    await shop.prints("Cacher cleared all entries");
    shop.child.stdin.end();
    expect(await shop.ends()).toBe(0);
  });
});

describe("npm start", () => {
  let directory: string;
  let npm: ChildProcess | undefined;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "shop-npm-start-"));
  });
  afterEach(async () => {
    try {
      process.kill(-(npm?.pid ?? 0), "SIGKILL");
    } catch {
      // Nothing is left of it, as it should be.
    }
    await rm(directory, { recursive: true, force: true });
  });

  // npm forwards only SIGTERM and SIGINT to its child; a shell in between would not forward them.
  test.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGKILL"] as const)(
    "when npm is sent %s, its shop ends too, in good order",
    async (signal) => {
      const env = environmentWith({
        ...fewServices,
        SHOP_SHAPE: "embedded",
        DATA_DIR: directory,
        PORT: "0",
        LOG_LEVEL: "info",
      });
      npm = spawn("npm", ["start"], { cwd: root, env, stdio: ["ignore", "pipe", "ignore"], detached: true });
      let output = "";
      const started = Promise.withResolvers<void>();
      npm.stdout?.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (output.includes("documentation")) started.resolve();
      });
      // The output ends with the last process that holds it.
      const ended = once(npm, "close");
      await started.promise;
      npm.kill(signal);
      await ended;
      expect(output).toContain("Service 'users' stopped");
    },
    60_000,
  );
});

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

  test("the first start prints where everything is, fills the shop, and its administrator can log in; starting again keeps the data", async () => {
    const productsOf = async ({ origin }: Process): Promise<unknown> =>
      (await fetch(`${origin}/api/v1/products?limit=100&count=true`)).json();
    const shop = start();
    await shop.prints("administrator");
    expect(shop.output).toContain(`${shop.origin}/docs/`);

    const products = await productsOf(shop);
    expect(products).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ inStock: true })]),
    });
    const password = (await readFile(join(directory, "data", "administrator-password.txt"), "utf8")).trim();
    const login = await fetch(`${shop.origin}/api/v1/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: "admin@shop.example", password }),
    });
    expect(await login.json()).toMatchObject({ user: { role: "administrator" } });

    expect(await shop.stop()).toBe(0);
    const again = start();
    await again.prints("administrator");
    expect(await productsOf(again)).toEqual(products);
  });

  test("data files are restricted to their owner, even those that were world-readable", async () => {
    const data = join(directory, "data");
    const modes = async () => {
      const names = ["", ...(await readdir(data, { recursive: true }))];
      const found = names.map(
        async (name) => [name, ((await stat(join(data, name))).mode & 0o777).toString(8)] as const,
      );
      return Object.fromEntries(await Promise.all(found));
    };
    const onlyForOwner = (found: Record<string, string>) =>
      Object.fromEntries(
        Object.keys(found).map((name) => [name, name === "" || name === "outbox-mail" ? "700" : "600"]),
      );

    const first = start();
    await first.prints("administrator");
    const fresh = await modes();
    expect(Object.keys(fresh)).toEqual(
      expect.arrayContaining([
        "users.sqlite",
        "users.sqlite-wal",
        "users.sqlite-shm",
        "administrator-password.txt",
      ]),
    );
    expect(fresh).toEqual(onlyForOwner(fresh));

    first.child.kill("SIGKILL");
    await first.ends();
    await chmod(data, 0o755);
    for (const name of await readdir(data))
      if (name.includes(".sqlite")) await chmod(join(data, name), 0o644);
    const second = start();
    await second.prints("administrator");
    const again = await modes();
    expect(again).toEqual(onlyForOwner(again));
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
    await expectRefusal(
      start({ PORT: String(port) }),
      new RegExp(`^shopserver: bad setting: PORT: ${port} .*in use`),
    );
    holder.close();
  });

  test("a data directory that cannot be written is named in one line", async () => {
    const file = join(directory, "a-file");
    await writeFile(file, "");
    await expectRefusal(
      start({ DATA_DIR: join(file, "data") }),
      /^shopserver: DATA_DIR .*a-file\/data: it is not writable/,
    );
    await expectRefusal(
      start({ DATA_DIR: "/proc/nowhere" }),
      /^shopserver: DATA_DIR \/proc\/nowhere: it is not writable/,
    );
  });

  test("a data directory that another process uses is named in one line", async () => {
    const first = start(fewServices);
    await first.prints("documentation");
    await expectRefusal(
      start(fewServices),
      /^shopserver: DATA_DIR .*another process of the shop is using it$/,
    );
  });

  test("a bad setting is named in one line", async () => {
    await expectRefusal(
      start({ PORT: "http", CURRENCY: "pounds" }),
      /^shopserver: bad setting: PORT: .*CURRENCY: /,
    );
  });

  test("an administrator's password that attackers try first is named in one line, without the password", async () => {
    await expectRefusal(
      start({ ADMIN_PASSWORD: "iloveyou2" }),
      /^shopserver: bad setting: ADMIN_PASSWORD: is a common password, which attackers try first$/,
    );
    await expectRefusal(
      start({ ADMIN_EMAIL: "root@corner.example", ADMIN_PASSWORD: "root@corner.example" }),
      /^shopserver: bad setting: ADMIN_PASSWORD: is made of /,
    );
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

  /** A request in flight while the shop waits for its body. */
  const beginRequest = async (shop: Process): Promise<Socket> => {
    const socket = connect(Number(new URL(shop.origin).port), "127.0.0.1");
    socket.on("error", () => undefined);
    const head =
      "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n";
    // The 100-continue response shows that the request has started.
    socket.write(`${head}Expect: 100-continue\r\n\r\n{`);
    await once(socket, "data");
    return socket;
  };

  test("a second signal ends it at once, with requests in flight", async () => {
    const shop = start(fewServices);
    await shop.prints("documentation");
    const socket = await beginRequest(shop);
    while (shop.child.exitCode === null) {
      shop.child.kill("SIGTERM");
      await Promise.race([shop.ends(), delay(20)]);
    }
    expect([shop.child.exitCode, shop.errors]).toEqual([1, "shopserver: stopped at once: second signal\n"]);
    socket.destroy();
  });

  test("requests beyond the drain time are aborted", async () => {
    const shop = start({ ...fewServices, STOP_SECONDS: "1" });
    await shop.prints("documentation");
    const socket = await beginRequest(shop);
    expect(await shop.stop()).toBe(1);
    expect(shop.errors).toBe("shopserver: stopped without draining: time limit of 1 s exceeded\n");
    socket.destroy();
  });
});
