import { describe, expect, test } from "@jest/globals";
import { Locales } from "../../../mixins/locales/locales.ts";
import type { KindName } from "../../../services/notifications/domain/kinds.ts";
import { kindNames } from "../../../services/notifications/domain/kinds.ts";
import { sampleOf } from "../../../services/notifications/domain/samples.ts";
import type { TemplateContent } from "../../../services/notifications/domain/template.ts";
import { contentParts, faultsOf, maxLengths } from "../../../services/notifications/domain/template.ts";
import { shippedFallback, shippedIn } from "../../../services/notifications/domain/templates/index.ts";
import type { Values } from "../../../services/notifications/domain/values.ts";
import { renderNotification } from "../../../services/notifications/render-notification.ts";

const locales = new Locales(["en", "zh-CN", "de"]);
const shop = { shop: "Books & Co", shopUrl: "https://books.example", locales };
const reader = { customer: "Ada", locale: "en", timeZone: "UTC" };
const at = Date.UTC(2026, 10, 30, 21, 5);
const empty = { subject: "-", text: "-", html: "-", short: "-" };

function rendered(
  template: Partial<TemplateContent>,
  values: Values,
  kind: KindName = "order-placed",
  locale = "en",
): TemplateContent {
  const news = { kind, subjectId: "1", values, occurredAt: at };
  const of = { ...reader, locale, unsubscribeUrl: "https://books.example/unsubscribe#token=x" };
  return renderNotification({ ...empty, ...template }, news, of, shop);
}
const faultOf = (html: string, kind: KindName = "order-placed") =>
  faultsOf(kind, { ...empty, html }).map(({ path, message }) => `${path} ${message}`);

describe("shipped templates", () => {
  const all = kindNames.flatMap((kind) => ["en", "zh-CN"].map((locale) => [kind, locale] as const));

  test.each(all)("%s in %s is safe, within its bounds, and shows each value", (kind, locale) => {
    const template = shippedIn(kind, locale) ?? empty;
    expect(faultsOf(kind, template)).toEqual([]);
    for (const part of contentParts) expect(template[part].length).toBeLessThanOrEqual(maxLengths[part]);
    const sample = sampleOf(kind, "GBP", "en", at);
    const shown = renderNotification(template, sample, { ...reader, locale }, shop);
    expect(`${shown.subject}${shown.text}${shown.html}${shown.short}`).not.toMatch(/[{}]|undefined|NaN/);
    expect(shown.html).not.toContain("<blue>");
    expect(shown.text.includes("Mug")).toBe(shown.html.includes("Mug &lt;blue&gt; &amp; &quot;large&quot;"));
    for (const number of Object.keys(sample.values).includes("number") ? [shown.text, shown.short] : [])
      expect(number).toContain("K7Q2-9XMD");
  });

  test("of a language that has none are those of the default, and English at last", () => {
    expect(shippedIn("order-paid", "de")).toBeUndefined();
    expect(shippedIn("order-paid", "zh-TW")).toEqual(shippedIn("order-paid", "zh-CN"));
    expect(shippedFallback("order-paid").subject).toContain("Payment");
  });

  test("write money and times as language and time zone do", () => {
    const values = { number: "1", total: { amount: 123_456, currency: "JPY" }, lines: [] };
    const template = { text: "{{total}} {{time}}" };
    expect(rendered(template, values).text).toMatch(/^¥123,456 November 30, 2026 at 9:05.PM$/);
    expect(rendered(template, values, "order-placed", "de").text).toMatch(
      /^123\.456.¥ 30\. November 2026 um 21:05$/,
    );
    const news = { kind: "order-placed", subjectId: "1", values, occurredAt: at } as const;
    const there = { ...reader, locale: "zh-CN", timeZone: "Asia/Shanghai" };
    expect(renderNotification({ ...empty, ...template }, news, there, shop).text).toBe(
      "JP¥123,456 2026年12月1日 05:05",
    );
  });
});

describe("values", () => {
  const hostile = "<script>alert(1)</script>\r\nBcc: all@example.org\u202e {{shop}} \"'`=";

  test("are text in HTML, one line in every part, and no template", () => {
    const shown = rendered(
      { subject: "{{number}}", html: "<p>{{number}}</p>", text: "{{number}}", short: "{{number}}" },
      { number: hostile },
    );
    const line = "<script>alert(1)</script> Bcc: all@example.org {{shop}} \"'`=";
    expect(shown).toEqual({
      subject: line,
      text: line,
      short: line,
      html: "<p>&lt;script&gt;alert(1)&lt;/script&gt; Bcc: all@example.org {{shop}} &quot;&#39;&#96;&#61;</p>",
    });
  });

  test("are cut, lists too, and what has another type is absent", () => {
    const long = rendered({ text: "{{number}}" }, { number: "x".repeat(10_000) }).text;
    expect(long).toHaveLength(200);
    const lines = Array.from({ length: 1000 }, () => ({ name: "x", quantity: 1 }));
    expect(rendered({ text: "{{#lines}}{{name}}{{/lines}}" }, { lines }).text).toHaveLength(50);
    expect(
      rendered({ text: "[{{total}}{{number}}{{#lines}}x{{/lines}}]" }, { total: "1", lines: "x" }).text,
    ).toBe("[]");
    expect(rendered({ subject: "a\r\nb" }, {}).subject).toBe("a b");
  });
});

describe("templates of staff", () => {
  test.each([
    ["{{{number}}}"],
    ["{{&number}}"],
    ["{{>number}}"],
    ["{{=<% %>=}}"],
    ["{{! a comment}}{{constructor}}"],
    ["{{customer.constructor}}"],
    ["{{.}}"],
    ["{{lines}}"],
    ["{{name}}"],
    ["{{#lines}}{{#lines}}{{name}}{{/lines}}{{/lines}}"],
    ["{{#number}}"],
    ["{{/number}}"],
    ["{{unsubscribe}}"],
    ["<script>1</script>"],
    ["<IFRAME src=x>"],
    ["<img src=x onerror=alert(1)>"],
    ['<a href="javascript:alert(1)">x</a>'],
    ["<!-- {{number}} -->"],
    ["<style>{{number}}</style>"],
    ["<p {{number}}>x</p>"],
    ['<p title="{{number}}">x</p>'],
    ['<a href="{{number}}">x</a>'],
    ["<a href={{url}}>x</a>"],
    ['<a href="{{url}}x">x</a>'],
    ['<a href="https://evil.example/{{url}}">x</a>'],
    ['{{#url}}<a href="{{/url}}{{^url}}>{{/url}}{{number}}'],
  ])("with %s are refused", (html) => {
    expect(faultOf(html)).toHaveLength(1);
  });

  test.each([
    ['{{#url}}<a href="{{url}}">{{number}}</a>{{/url}}{{^url}}<b>{{shop}}</b>{{/url}}'],
    ["<ul>{{#lines}}<li>{{quantity}} {{name}} {{number}}</li>{{/lines}}</ul>{{^lines}}-{{/lines}}"],
    ['<p style="color: red">It costs 3 < 4 {{#total}}({{total}}){{/total}}</p>'.replace("3 < 4", "3 &lt; 4")],
  ])("with %s are taken", (html) => {
    expect(faultOf(html)).toEqual([]);
  });

  test("tell which part is wrong, and what there is", () => {
    const faults = faultsOf("new-api-key", { ...empty, subject: "{{number}}", text: "{{" });
    expect(faults.map(({ path }) => path)).toEqual(["subject", "text"]);
    expect(faults[0]?.message).toContain("there are shop, customer, time, url, unsubscribeUrl, name");
  });
});
