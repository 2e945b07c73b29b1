import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { negotiate } from "../../../services/api/request/negotiate.ts";
import { isShopError } from "../../../mixins/contract/errors.ts";

const available = ["text/html", "application/pdf"] as const;
const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

describe("of several forms the client gets the one that it likes best", () => {
  test.each([
    [undefined, "text/html"],
    ["", "text/html"],
    ["*/*", "text/html"],
    [browser, "text/html"],
    ["application/pdf", "application/pdf"],
    ["APPLICATION/PDF", "application/pdf"],
    ["application/*", "application/pdf"],
    ["application/pdf, */*", "application/pdf"],
    ["*/*, application/pdf", "application/pdf"],
    ["application/pdf, text/html", "application/pdf"],
    ["text/html, application/pdf", "text/html"],
    ["application/pdf;q=0.5, text/html;q=0.4", "application/pdf"],
    ["application/pdf; q=0.5 , text/*", "text/html"],
    ["text/html;q=0, */*", "application/pdf"],
    ["text/html;q=0, */*;q=0.001", "application/pdf"],
    ["text/html;charset=utf-8;q=0.2, application/pdf;q=0.1", "text/html"],
    ["nonsense, application/pdf", "application/pdf"],
  ])("%s: %s", (accept, expected) => {
    expect(negotiate(accept, available)).toBe(expected);
  });

  test.each([
    "image/png",
    "text/plain",
    "application/json",
    "text/html;q=0",
    "*/*;q=0",
    "*/html",
    "nonsense",
  ])("%s is refused with what there is", (accept) => {
    expect(() => negotiate(accept, available)).toThrow(
      expect.objectContaining({ type: "not-acceptable", data: { available } }),
    );
  });

  test("whatever the header, one of the forms or a refusal comes of it", () => {
    const token = fc.constantFrom(
      "text",
      "html",
      "application",
      "pdf",
      "*",
      "/",
      ";",
      "q=",
      "q=1",
      "q=0.5",
      ",",
      " ",
      "=",
      '"',
    );
    const header = fc.oneof(
      fc.string(),
      fc.array(token, { maxLength: 30 }).map((tokens) => tokens.join("")),
    );
    fc.assert(
      fc.property(header, (accept) => {
        try {
          expect(available).toContain(negotiate(accept, available));
        } catch (error) {
          expect(isShopError(error, "not-acceptable")).toBe(true);
        }
      }),
    );
  });
});
