import { expect, test } from "@jest/globals";
import { escapeXml, feedFormats } from "../../../services/catalog/domain/feed.ts";

test("text is escaped for XML, and characters that XML does not allow are left out", () => {
  expect(escapeXml(`<a b="c">&'</a>`)).toBe("&lt;a b=&quot;c&quot;&gt;&amp;&apos;&lt;/a&gt;");
  expect(escapeXml("\u0000\u0008x\uFFFF\t🖊️")).toBe("x\t🖊️");
  expect(escapeXml("\uD83D")).toBe("\uFFFD");
});

test("a product with several variants is a group of items, and one without a picture has none", () => {
  const product = {
    id: "p1",
    name: "n".repeat(200),
    description: "",
    brand: null,
    seller: null,
    url: "https://shop.example/p/pen?a=1&b=2",
    imageUrl: null,
    updatedAt: 0,
    currency: "JPY",
    variants: [
      { sku: "A", price: "100", isAvailable: true },
      { sku: "B", price: "200", isAvailable: false },
    ],
  };
  const items = feedFormats.merchant.entry(product);
  expect(items.match(/<g:item_group_id>p1<\/g:item_group_id>/g)).toHaveLength(2);
  expect(items).toContain("<link>https://shop.example/p/pen?a=1&amp;b=2</link>");
  expect(items).toContain(`<title>${"n".repeat(150)}</title>`);
  expect(items).not.toMatch(/image_link|brand/);
});
