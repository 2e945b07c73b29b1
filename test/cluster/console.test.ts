import { expect, test } from "@jest/globals";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startNode, typeAtConsole } from "./processes.ts";
import { serviceNames } from "../support/all-contracts.ts";

const embedded = (directory: string) => ({
  environment: { HOME: directory, DATA_DIR: directory, PORT: "0" },
});

test("one process of everything has the same console; commands from a pipe are answered in order before it ends", async () => {
  const directory = await mkdtemp(join(tmpdir(), "console-test-"));
  const lines = [
    "shop stock MUG-INK",
    "shop help",
    "shop nodes",
    "shop dlq list",
    "shop stock",
    "shop replicas",
    "shop seed",
    "shop audit verify",
  ];
  const { code, shown } = await typeAtConsole(startNode(["--repl"], embedded(directory)), lines);
  await rm(directory, { recursive: true });

  expect(code).toBe(0);
  const inOrder = [
    /MUG-INK +5 +0 +0 +0 +5/,
    /shop order <number> +An order/,
    new RegExp(`${[...serviceNames].sort().join(", ")} +up`),
    /there are no dead letters/,
    /usage: shop stock <sku>/,
    /no node reads from replicas/,
    /the catalogue is not empty: nothing added/,
    /the audit trail is intact: /,
  ];
  const found = inOrder.map((pattern) => shown.search(pattern));
  expect(found).not.toContain(-1);
  expect(found).toEqual(found.toSorted((one, other) => one - other));
}, 240_000);

test("an operator's node needs a cluster to join, and says so", async () => {
  const directory = await mkdtemp(join(tmpdir(), "console-test-"));
  const node = startNode(["none", "--repl"], embedded(directory));
  const { code } = await typeAtConsole(node, []);
  await rm(directory, { recursive: true });
  expect(code).toBe(1);
});
