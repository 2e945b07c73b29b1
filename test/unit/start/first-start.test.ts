import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CallingOptions, ServiceBroker } from "moleculer";
import { loadConfig } from "../../../config/index.ts";
import { prepareShop } from "../../../services/node/first-start.ts";

describe("the start of a shop", () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "first-start-"));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  interface Call {
    readonly name: string;
    readonly params: { readonly password?: string };
    readonly timeout: number | null | undefined;
  }

  /**
   * Starts with fake services with or without an administrator.
   *
   * @returns the called actions
   */
  async function start({
    hasAdministrator,
  }: {
    readonly hasAdministrator: boolean;
  }): Promise<{ calls: Call[]; file: string | undefined }> {
    const calls: Call[] = [];
    const call = (name: string, params: Call["params"], { timeout }: CallingOptions) => {
      calls.push({ name, params, timeout });
      return Promise.resolve(name === "users.list" ? { items: hasAdministrator ? [{}] : [] } : {});
    };
    const file = await prepareShop({ call } as unknown as ServiceBroker, loadConfig({ DATA_DIR: dataDir }));
    return { calls, file };
  }
  const ensured = ({ calls }: { calls: readonly Call[] }) =>
    calls.filter(({ name }) => name === "users.administrator.ensure");

  test("that has an administrator hashes no password, and makes none up", async () => {
    const again = await start({ hasAdministrator: true });
    expect(ensured(again)).toEqual([]);
    expect(again.file).toBeUndefined();
    await expect(readFile(join(dataDir, "administrator-password.txt"))).rejects.toThrow("ENOENT");
  });

  test("that has none makes one with the password in the file, and waits for a slow machine", async () => {
    const first = await start({ hasAdministrator: false });
    const [call] = ensured(first);
    expect(await readFile(first.file ?? "", "utf8")).toBe(`${call?.params.password}\n`);
    expect(call?.timeout).toBeGreaterThanOrEqual(60_000);
  });

  test("that was killed between the file and the account goes on with the same password", async () => {
    const [killed, next] = [
      await start({ hasAdministrator: false }),
      await start({ hasAdministrator: false }),
    ];
    expect(ensured(next)[0]?.params.password).toBe(ensured(killed)[0]?.params.password);
    expect((await start({ hasAdministrator: true })).file).toBe(next.file);
  });
});
