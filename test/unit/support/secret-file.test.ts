import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { readOrCreateSecret } from "../../../mixins/support/secret-file.ts";

test("services that start together share one new secret, and find it later", async () => {
  const directory = await mkdtemp(join(tmpdir(), "secret-"));
  const file = join(directory, "key.txt");
  let made = 0;
  const make = () => `secret-${(made += 1)}`;
  const secrets = await Promise.all([1, 2, 3].map(() => readOrCreateSecret(file, make)));
  expect(secrets).toEqual(["secret-1", "secret-1", "secret-1"]);
  expect(await readOrCreateSecret(file, make)).toBe("secret-1");
  expect(await readFile(file, "utf8")).toBe("secret-1\n");
  await rm(directory, { recursive: true });
});
