/** @embedded Generated files are the same in both shapes. */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { environmentWith } from "../../config/index.ts";
import { Changes } from "../new/changes.ts";
import { kinds } from "../new/kinds.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const parts = [
  "config",
  "mixins",
  "services",
  "deploy",
  "test",
  "docs",
  "package.json",
  "tsconfig.json",
  "jest.config.js",
  ".env.example",
];
const jest = [
  "--no-compilation-cache",
  "--experimental-vm-modules",
  "--disable-warning=ExperimentalWarning",
  "node_modules/jest/bin/jest.js",
];
const minutes = 60_000;

/** Each kind, in the ways in which the files that it changes are written. */
const requests = [
  "service gift-cards",
  "resource wish-lists",
  "job gift-cards.remind",
  "action cart.items.swap",
  "action catalog.recount",
  "event cart.emptied",
  "event users.praised",
  "provider my-bank",
];

/** A copy of the project, in which all of them are written. */
let copy: string;
/** What the command said of each. */
const said = new Map<string, string>();

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "shop-new-"));
  await Promise.all(parts.map((part) => cp(join(root, part), join(copy, part), { recursive: true })));
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
  for (const request of requests) {
    const { code, shown, complaint } = await run(["test/new.ts", ...request.split(" ")]);
    if (code !== 0) throw new Error(`${request}: ${complaint}`);
    said.set(request, shown);
  }
}, 5 * minutes);
afterAll(() => rm(copy, { recursive: true, force: true }));

/** Runs node in the copy, in the embedded shape. */
function run(args: readonly string[]): Promise<{ code: number; shown: string; complaint: string }> {
  const env = environmentWith({ SHOP_TEST_SETTINGS: undefined });
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: copy, env, maxBuffer: 2 ** 24 }, (error, shown, complaint) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, shown, complaint });
    });
  });
}

const filesSaid = (text: string) => [...text.matchAll(/^ {2}(\S+\.\w+)$/gm)].map(([, file = ""]) => file);
const source = (file: string) => readFile(join(copy, file), "utf8");

test(
  "what is written passes the type checker",
  async () => {
    const tests = [...said.values()].flatMap(filesSaid).filter((file) => file.endsWith(".test.ts"));
    const project = {
      extends: "./tsconfig.json",
      compilerOptions: { incremental: false },
      include: ["services", "config", "mixins", ...tests],
    };
    await writeFile(join(copy, "tsconfig.new.json"), JSON.stringify(project));
    expect(
      await run(["node_modules/typescript/bin/tsc", "--checkers", "2", "-p", "tsconfig.new.json"]),
    ).toEqual({ code: 0, shown: "", complaint: "" });
  },
  5 * minutes,
);

test(
  "each has a first test, which passes",
  async () => {
    const tests = [...said.values()].flatMap((text) =>
      filesSaid(text).filter((file) => file.endsWith(".test.ts")),
    );
    expect(tests).toHaveLength(requests.length);
    const { shown, complaint } = await run([...jest, "--runInBand", "--json", ...tests]);
    const { numTotalTestSuites, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(shown) as Record<
      string,
      number
    >;
    expect({ numTotalTestSuites, numFailedTests, numRuntimeErrorTestSuites, complaint }).toMatchObject({
      numTotalTestSuites: requests.length,
      numFailedTests: 0,
      numRuntimeErrorTestSuites: 0,
    });
  },
  5 * minutes,
);

test("what follows from the source is rendered anew, and the guide names the new tables", async () => {
  expect(await source("docs/settings.md")).toContain("`MY_BANK_API_URL`");
  expect(await source("deploy/mysql/accounts.sql")).toContain("shop_gift_cards");
  expect(await source("docs/guides/growth.md")).toContain("| gift-cards | `gift_cards` |");
  expect(await source("docs/guides/growth.md")).toContain("| cart | `outbox` |");
});

test("it says which files it has written, and how to run the test", () => {
  const text = said.get("event cart.emptied") ?? "";
  expect(filesSaid(text)).toEqual([
    "test/component/cart-emptied.test.ts",
    "services/cart/data/migrations/0003-outbox.ts",
    "services/cart/cart.contract.ts",
    "services/cart/data/migrations/index.ts",
    "docs/guides/growth.md",
  ]);
  expect(text).toContain("npm run test:jest -- test/component/cart-emptied.test.ts\n");
});

describe("it refuses", () => {
  test.each([
    ["service cart", "services/cart exists"],
    ["resource cart", "services/cart exists"],
    ["service Gift", "'Gift' is not kebab-case"],
    ["service gift_cards", "'gift_cards' is not kebab-case"],
    ["service gift-cards-of-customers-abroad", "at most 27 are allowed"],
    ["service backup", "the account shop_backup is not a service's"],
    ["service event", "services/event/event.contract.ts: the name 'event' is taken or reserved"],
    ["job cart.delete", "services/cart/jobs/delete.job.ts: the name 'delete' is taken or reserved"],
    ["action cart", "'cart' is not SERVICE.NAME"],
    ["action cart.get", "cart.get is in the contract already"],
    ["action cart.items.Swap", "'Swap' is not kebab-case"],
    ["action api.ping", "services/api/api.service.ts has no `defineService` to add to"],
    ["action parcels.send", "there is no services/parcels/parcels.service.ts"],
    ["event orders.placed", "orders.placed is in the contract already"],
    [
      "job cart.remove-expired-carts",
      "services/cart/jobs/remove-expired-carts.job.ts exists and is not overwritten",
    ],
    ["provider stripe", "services/orders/payments/providers/stripe.ts exists and is not overwritten"],
  ])("%s: %s", async (request, reason) => {
    const [kind = "", name = ""] = request.split(" ");
    const plan = async () => kinds[kind]?.plan(name, new Changes());
    await expect(plan()).rejects.toThrow(TypeError);
    await expect(plan()).rejects.toThrow(reason);
  });

  test.each([
    ["provider", "new: provider takes a NAME"],
    ["page home", "new: 'page' is none of service, resource, action, event, job, provider"],
    ["job cart.empty now", "new: Unexpected argument 'now'"],
  ])("%s, in one line", async (request, complaint) => {
    const refused = await run(["test/new.ts", ...request.split(" ")]);
    expect(refused).toEqual({ code: 2, shown: "", complaint: `${complaint} (see --help)\n` });
  });

  test("a file that is not as it expects, by name, and leaves all others as they are", async () => {
    const [contract, service] = ["services/cart/cart.contract.ts", "services/cart/cart.service.ts"];
    const before = await source(contract);
    await writeFile(
      join(copy, service),
      (await source(service)).replace("  actions: [", "  actions: [...[], "),
    );
    const { code, complaint } = await run(["test/new.ts", "action", "cart.empty"]);
    expect({ code, complaint }).toMatchObject({
      code: 2,
      complaint: expect.stringContaining(`${service} has no \`actions: [\` to add to`),
    });
    expect(await source(contract)).toBe(before);
  });
});
