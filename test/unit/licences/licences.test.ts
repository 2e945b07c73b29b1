import { expect, test } from "@jest/globals";
import { faultsOf, isAllowed } from "../../licences.ts";

test("a licence is allowed when one that is offered is, or all that hold are", () => {
  expect(
    ["MIT", "(MIT OR GPL-3.0)", "Apache-2.0 AND MIT", "(BSD-3-Clause)"].map((text) => isAllowed(text)),
  ).toEqual([true, true, true, true]);
  expect(["GPL-3.0", "MIT AND GPL-3.0", "UNLICENSED", "", undefined].map((text) => isAllowed(text))).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});

test("a package without a checksum, or from somewhere else, is named", () => {
  const good = { integrity: "sha512-abc", license: "MIT" };
  expect(faultsOf("node_modules/a", good)).toEqual([]);
  expect(faultsOf("node_modules/a", { ...good, resolved: "git+ssh://example.org/a" })).toHaveLength(1);
  expect(faultsOf("node_modules/a", { license: "MIT" })).toEqual(["node_modules/a has no SHA-512 checksum"]);
  expect(faultsOf("node_modules/a", { ...good, license: "AGPL-3.0" })).toEqual([
    "node_modules/a has the licence AGPL-3.0",
  ]);
});

test("the LGPL is for libvips alone, which is loaded as a shared library", () => {
  const licence = "Apache-2.0 AND LGPL-3.0-or-later";
  expect(isAllowed(licence, "@img/sharp-libvips-linux-x64")).toBe(true);
  expect(isAllowed(licence, "a")).toBe(false);
});

test("an install script is named unless package.json denies it", () => {
  const scripted = { integrity: "sha512-abc", license: "MIT", hasInstallScript: true };
  const path = "node_modules/a/node_modules/@b/c";
  expect(faultsOf(path, scripted, { "@b/c": false })).toEqual([]);
  expect(faultsOf(path, scripted, { c: false, "@b/c": true })).toEqual([
    `${path} has an install script that allowScripts does not deny`,
  ]);
});
