/** What feeds say of a product on sale. Prices are written with their currency, URLs are absolute. */
export interface FeedProduct {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly brand: string | null;
  /** Name of its merchant; null for the shop itself. */
  readonly seller: string | null;
  readonly url: string;
  readonly imageUrl: string | null;
  readonly updatedAt: number;
  readonly currency: string;
  readonly variants: readonly FeedVariant[];
}

export interface FeedVariant {
  readonly sku: string;
  /** In units of the currency: `19.99`. */
  readonly price: string;
  readonly isAvailable: boolean;
}

export const feedKinds = ["sitemap", "merchant", "json-ld"] as const;
export type FeedKind = (typeof feedKinds)[number];

/** A feed's text before and after its products, and of each product. */
export interface FeedFormat {
  readonly extension: "xml" | "ndjson";
  readonly head: string;
  readonly tail: string;
  readonly entry: (product: FeedProduct) => string;
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

export const feedFormats: Readonly<Record<FeedKind, FeedFormat>> = {
  /** By the protocol of sitemaps.org. */
  sitemap: {
    extension: "xml",
    head: `${declaration}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n`,
    tail: "</urlset>\n",
    entry: ({ url, updatedAt }) =>
      `<url>${element("loc", url)}${element("lastmod", new Date(updatedAt).toISOString())}</url>\n`,
  },
  /** RSS 2.0 with Google's elements, an item for each variant. */
  merchant: {
    extension: "xml",
    head: `${declaration}<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>\n`,
    tail: "</channel></rss>\n",
    entry: (product) => product.variants.map((variant) => merchantItem(product, variant)).join(""),
  },
  /** One schema.org product a line. */
  "json-ld": {
    extension: "ndjson",
    head: "",
    tail: "",
    entry: (product) => `${JSON.stringify(jsonLd(product))}\n`,
  },
};

function merchantItem(product: FeedProduct, { sku, price, isAvailable }: FeedVariant): string {
  const fields = {
    "g:id": sku,
    "g:item_group_id": product.variants.length > 1 ? product.id : null,
    title: product.name.slice(0, 150),
    description: product.description.slice(0, 5000) || product.name,
    link: product.url,
    "g:image_link": product.imageUrl,
    "g:price": `${price} ${product.currency}`,
    "g:availability": isAvailable ? "in_stock" : "out_of_stock",
    "g:brand": product.brand,
    "g:condition": "new",
  };
  const elements = Object.entries(fields).map(([name, value]) =>
    value === null ? "" : element(name, value),
  );
  return `<item>${elements.join("")}</item>\n`;
}

function jsonLd(product: FeedProduct): object {
  return {
    "@context": "https://schema.org",
    "@type": "Product",
    "@id": product.url,
    name: product.name,
    description: product.description,
    ...(product.brand === null ? {} : { brand: { "@type": "Brand", name: product.brand } }),
    ...(product.imageUrl === null ? {} : { image: product.imageUrl }),
    offers: product.variants.map(({ sku, price, isAvailable }) => ({
      "@type": "Offer",
      sku,
      url: product.url,
      price,
      priceCurrency: product.currency,
      availability: `https://schema.org/${isAvailable ? "InStock" : "OutOfStock"}`,
      ...(product.seller === null ? {} : { seller: { "@type": "Organization", name: product.seller } }),
    })),
  };
}

function element(name: string, text: string): string {
  return `<${name}>${escapeXml(text)}</${name}>`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text of an XML element or attribute; characters that XML 1.0 does not allow are left out. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? "");
}
