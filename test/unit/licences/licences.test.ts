import { expect, test } from "@jest/globals";
import { faultsOf, isAllowed } from "../../licences.ts";

test("a licence is allowed when one that is offered is, or all that hold are", () => {
  expect(["MIT", "(MIT OR GPL-3.0)", "Apache-2.0 AND MIT", "(BSD-3-Clause)"].map(isAllowed)).toEqual([true, true, true, true]);
  expect(["GPL-3.0", "MIT AND GPL-3.0", "UNLICENSED", "", undefined].map(isAllowed)).toEqual([false, false, false, false, false]);
});

test("a package without a checksum, or from somewhere else, is named", () => {
  const good = { integrity: "sha512-abc", license: "MIT" };
  expect(faultsOf("node_modules/a", good)).toEqual([]);
  expect(faultsOf("node_modules/a", { ...good, resolved: "git+ssh://example.org/a" })).toHaveLength(1);
  expect(faultsOf("node_modules/a", { license: "MIT" })).toEqual(["node_modules/a has no SHA-512 checksum"]);
  expect(faultsOf("node_modules/a", { ...good, license: "AGPL-3.0" })).toEqual(["node_modules/a has the licence AGPL-3.0"]);
});
