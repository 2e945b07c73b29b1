import { expect, test } from "@jest/globals";
import moleculer from "moleculer";
import { codedError, problemOf } from "../../../services/api/response/problems.ts";
import { movedTo } from "../../../services/api/response/redirect.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";

const occurrence = { instance: "/api/v1/x", traceId: "trace", tokenSent: false };
const { Errors } = moleculer;

test.each([
  [new Errors.ServiceNotFoundError({ action: "a.b", nodeID: "n" }), "unavailable"],
  [new Errors.ServiceNotAvailableError({ action: "a.b", nodeID: "n" }), "unavailable"],
  [new Errors.QueueIsFullError({ action: "a.b", nodeID: "n", service: "a" }), "unavailable"],
  [new Errors.RequestTimeoutError({ action: "a.b", nodeID: "n" }), "deadline-exceeded"],
  [new Errors.RequestSkippedError({ action: "a.b", nodeID: "n" }), "deadline-exceeded"],
  [new Error("SELECT secret FROM users"), "internal-error"],
  [new Errors.MoleculerError("teapot", 418, "TEAPOT", { secret: 1 }), "internal-error"],
  [
    new Errors.ValidationError("x", "VALIDATION_ERROR", [
      { field: "name", type: "required", message: "is required", nodeID: "n", action: "a.b" },
    ]),
    "validation-failed",
  ],
  [new Errors.MoleculerClientError("gone", 404, "ANY", { secret: 1 }), "not-found"],
  ["a string", "internal-error"],
  [undefined, "internal-error"],
])("%s is shown as %s, and nothing of its insides", (error, type) => {
  const { body } = problemOf(codedError(error), occurrence);
  expect(body.type).toBe(`/problems/${type}`);
  expect(JSON.stringify(body)).not.toMatch(/secret|a\.b|nodeID|teapot|stack/i);
});

test("data are included, but cannot override standard members", () => {
  const error = new ShopError("stock-shortage", "2 too few", {
    shortages: [{ variantId: "v" }],
    status: 200,
    type: "x",
  });
  expect(problemOf(error, occurrence)).toMatchObject({
    status: 409,
    body: {
      type: "/problems/stock-shortage",
      status: 409,
      detail: "2 too few",
      shortages: [{ variantId: "v" }],
    },
  });
});

test("an error that crossed nodes as plain object data is still itself", () => {
  const far = Object.assign(new Error("x"), { type: "not-found", code: 404, data: {} });
  expect(problemOf(codedError(far), occurrence).status).toBe(404);
});

test("a service's own internal error says nothing", () => {
  const error = new ShopError("internal-error", "the password is hunter2", { secret: 1 });
  expect(JSON.stringify(problemOf(codedError(error), occurrence))).not.toMatch(/hunter2|secret/);
});

test("headers name the client's next step", () => {
  const headers = (error: ShopError, tokenSent = false) =>
    problemOf(error, { ...occurrence, tokenSent }).headers;
  expect(headers(new ShopError("unauthenticated"))).toEqual({ "WWW-Authenticate": "Bearer" });
  expect(headers(new ShopError("unauthenticated"), true)).toEqual({
    "WWW-Authenticate": 'Bearer error="invalid_token"',
  });
  expect(headers(new ShopError("invalid-credentials"))).toEqual({ "WWW-Authenticate": "Bearer" });
  expect(headers(new ShopError("unavailable"))).toEqual({ "Retry-After": "1" });
  expect(headers(new ShopError("too-many-requests", undefined, { retryAfter: 2.5 }))).toEqual({
    "Retry-After": "3",
  });
  expect(headers(new ShopError("method-not-allowed", undefined, { allow: ["GET"] }))).toEqual({
    Allow: "GET",
  });
});

test("a redirect replaces the path params that the error names, and keeps the query", () => {
  const $alias = { method: "GET", fullPath: "/api/v1/products/:idOrSlug/related" };
  const to = (originalUrl: string) => movedTo({ $alias, originalUrl }, { idOrSlug: "a/b", related: "x" });
  expect(to("/api/v1/products/old/related?locale=de&a=%2F?")).toBe(
    "/api/v1/products/a%2Fb/related?locale=de&a=%2F?",
  );
  expect(to("/api/v1/products/old/related")).toBe("/api/v1/products/a%2Fb/related");
});
