import { expect, test } from "@jest/globals";
import { Teardown } from "../../support/teardown.ts";

test("steps run in reverse order; failing and hanging ones are named, and do not prevent others", async () => {
  const teardown = new Teardown();
  const gone: string[] = [];
  teardown.defer("the directory", () => gone.push("directory"));
  teardown.defer("a server", () => new Promise(() => undefined));
  teardown.defer("a link", () => {
    throw new Error("it is in use");
  });
  teardown.defer("the nodes", async () => {
    gone.push("nodes");
  });
  const left = await teardown.run(20);
  expect(gone).toEqual(["nodes", "directory"]);
  expect(left).toEqual(["a link: Error: it is in use", "a server: it takes longer than 0.02 s"]);
});

test("repeated calls get the same result, and each step runs once", async () => {
  const teardown = new Teardown();
  let times = 0;
  teardown.defer("the directory", () => (times += 1));
  expect(await Promise.all([teardown.run(), teardown.run()])).toEqual([[], []]);
  expect(times).toBe(1);
});
