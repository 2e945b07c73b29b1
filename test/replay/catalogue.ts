import type { Result } from "../../mixins/contract/calls.ts";
import { forEachOf } from "./concurrency.ts";
import type { PlannedProduct, PlannedVariant } from "./plan.ts";
import { ReplayError } from "./replay-error.ts";
import type { ShopClient, SignedIn } from "./shop-client.ts";
import { OutcomeUnknown, ShopProblem } from "./shop-client.ts";

type Stock = Result<"catalog.stock.get">;

/** A variant of the shop with its stock after this run's receipts. */
export interface StockedVariant {
  readonly id: string;
  readonly sku: string;
  readonly stock: Stock;
}

/** By SKU. */
export type Catalogue = ReadonlyMap<string, StockedVariant>;

/** Maximum number of variants per new product, and of units per receipt. */
const variantsAtOnce = 100;
const goodsAtOnce = 1_000_000;

export interface CatalogueOptions {
  readonly client: ShopClient;
  readonly staff: SignedIn;
  /** Marks this run's receipts in the stock ledger. */
  readonly runId: string;
  readonly concurrency: number;
  readonly onProduct: () => void;
}

/**
 * Prepares the shop's catalogue: creates products and variants missing from earlier runs, and receives
 * exactly the stock this run will order.
 *
 * @throws ReplayError when a SKU has another owner or another price
 */
export async function buildCatalogue(
  products: readonly PlannedProduct[],
  options: CatalogueOptions,
): Promise<Catalogue> {
  const catalogue = new Map<string, StockedVariant>();
  await forEachOf(products, options.concurrency, async (product) => {
    const ids = await ensureProduct(product, options);
    for (const variant of product.variants) {
      const id = ids.get(variant.sku) ?? "";
      catalogue.set(variant.sku, { id, sku: variant.sku, stock: await receive(id, variant.units, options) });
    }
    options.onProduct();
  });
  return catalogue;
}

/** The ids of the product's variants by SKU. */
async function ensureProduct(
  planned: PlannedProduct,
  options: CatalogueOptions,
): Promise<Map<string, string>> {
  const { slug, name, variants } = planned;
  const product = await createOrFind({ slug, name, variants: variants.slice(0, variantsAtOnce) }, options);
  const found = new Map(product.variants.map((variant) => [variant.sku, variant]));
  for (const variant of variants) {
    const { sku, unitPrice } = variant;
    const there = found.get(sku) ?? (await addVariant(product.id, variant, options));
    if (there.price.amount !== unitPrice)
      throw new ReplayError(`${sku} costs ${there.price.amount} in the shop instead of ${unitPrice}`);
    found.set(sku, there);
  }
  return new Map([...found.values()].map(({ sku, id }) => [sku, id]));
}

async function createOrFind(
  { slug, name, variants }: Pick<PlannedProduct, "slug" | "name" | "variants">,
  { client, staff }: CatalogueOptions,
): Promise<Result<"catalog.products.get">> {
  const wanted = { slug, name, status: "published", variants: variants.map(newVariant) } as const;
  try {
    return await client.call("catalog.products.create", wanted, { as: staff, repeatable: true });
  } catch (error) {
    if (!(error instanceof ShopProblem && error.code === "already-exists")) throw error;
  }
  const found = client.call("catalog.products.get", { idOrSlug: slug }, { as: staff });
  const product = await found.catch((error: unknown) => {
    if (!(error instanceof ShopProblem && error.code === "not-found")) throw error;
    throw new ReplayError(`another product has one of the SKUs ${variants.map(({ sku }) => sku).join(", ")}`);
  });
  if (product.status === "published") return product;
  const change = { id: product.id, status: "published", expectedVersion: product.version } as const;
  return client.call("catalog.products.update", change, { as: staff });
}

async function addVariant(productId: string, planned: PlannedVariant, { client, staff }: CatalogueOptions) {
  const add = () =>
    client.call(
      "catalog.variants.create",
      { productId, ...newVariant(planned) },
      { as: staff, repeatable: true },
    );
  return add().catch(async (error: unknown) => {
    if (!(error instanceof ShopProblem && error.code === "already-exists")) throw error;
    // Either a response was lost and this is the variant, or the name is taken.
    const { variants } = await client.call("catalog.products.get", { idOrSlug: productId }, { as: staff });
    const there = variants.find(({ sku }) => sku === planned.sku);
    if (!there) throw new ReplayError(`another product has the SKU ${planned.sku}`);
    return there;
  });
}

function newVariant({ sku, unitPrice }: PlannedVariant) {
  return { sku, priceMinor: unitPrice, options: { "list-price": (unitPrice / 100).toFixed(2) } };
}

async function receive(variantId: string, units: number, options: CatalogueOptions): Promise<Stock> {
  const { client, staff, runId } = options;
  const parts = Math.max(1, Math.ceil(units / goodsAtOnce));
  let stock: Stock | undefined;
  for (let part = 1; part <= parts; part += 1) {
    const quantity = Math.min(goodsAtOnce, units - (part - 1) * goodsAtOnce);
    const reason = `Replay ${runId}, receipt ${part} of ${parts}`;
    stock = await receiveOnce({ variantId, kind: "receive", quantity, reason }, options);
  }
  return stock ?? client.call("catalog.stock.get", { variantId }, { as: staff });
}

interface Receipt {
  readonly variantId: string;
  readonly kind: "receive";
  readonly quantity: number;
  readonly reason: string;
}

/** Receiving is not idempotent: after a lost response, the ledger shows whether it happened. */
async function receiveOnce(receipt: Receipt, { client, staff }: CatalogueOptions): Promise<Stock> {
  const { variantId, reason } = receipt;
  for (;;) {
    try {
      return await client.call("catalog.stock.change", receipt, { as: staff });
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) throw error;
    }
    const latest = { variantId, kind: "receive", limit: 100 } as const;
    const ledger = await client.call("catalog.stock.movements", latest, { as: staff });
    if (ledger.items.some((movement) => movement.reason === reason))
      return client.call("catalog.stock.get", { variantId }, { as: staff });
  }
}
