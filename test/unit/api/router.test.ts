import { expect, test } from "@jest/globals";
import { Router } from "../../../services/api/routing/router.ts";

const router = new Router([
  { method: "GET", fullPath: "/products" },
  { method: "POST", fullPath: "/products" },
  { method: "POST", fullPath: "/products/imports" },
  { method: "GET", fullPath: "/products/:idOrSlug" },
  { method: "PATCH", fullPath: "/products/:id" },
  { method: "GET", fullPath: "/products/:productId/variants" },
  { method: "GET", fullPath: "/" },
]);

test("each method of a path gets its own placeholder names", () => {
  expect(router.find("GET", "/products/mug")?.params).toEqual({ idOrSlug: "mug" });
  expect(router.find("PATCH", "/products/mug")?.params).toEqual({ id: "mug" });
});

test("a literal segment wins, and gives way when it leads nowhere", () => {
  expect(router.find("POST", "/products/imports")?.alias.fullPath).toBe("/products/imports");
  expect(router.find("GET", "/products/imports/variants")?.params).toEqual({ productId: "imports" });
});

test("HEAD is routed like GET", () => {
  expect(router.find("HEAD", "/products")?.alias.method).toBe("GET");
});

test("placeholders are decoded once and may contain an encoded slash", () => {
  expect(router.find("GET", "/products/a%2Fb%2525")?.params).toEqual({ idOrSlug: "a/b%25" });
});

test.each(["/product", "/products/", "/products//variants", "/products/x/y", "/PRODUCTS", "//", "*"])(
  "nothing is at %s",
  (path) => {
    expect(router.find("GET", path)).toBeUndefined();
  },
);

test("a wrong method gets 405 with Allow", () => {
  expect(() => router.find("DELETE", "/products")).toThrow(
    expect.objectContaining({
      type: "method-not-allowed",
      data: { allow: ["GET", "HEAD", "OPTIONS", "POST"] },
    }),
  );
});

test("bytes that are not UTF-8 are refused", () => {
  expect(() => router.find("GET", "/products/%E0%A4")).toThrow(
    expect.objectContaining({ type: "malformed-request" }),
  );
});

test("the root is a path like others", () => {
  expect(router.find("GET", "/")?.alias.fullPath).toBe("/");
});

test("declaring a path and method twice is a mistake", () => {
  const twice = { method: "GET", fullPath: "/a/:b" };
  expect(() => new Router([twice, { ...twice, fullPath: "/a/:c" }])).toThrow("declared twice");
});
