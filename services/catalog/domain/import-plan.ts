import type { ImportRow, RowError } from "./import-row.ts";
import type { KnownDetails } from "./import-details.ts";
import { changedDetails, detailFaults } from "./import-details.ts";
import type { Product } from "./product.ts";
import { canBecome, variantsPerProduct } from "./product-lifecycle.ts";

/** A variant as changed by an import. The price is in minor units. */
export interface PlannedVariant {
  readonly id: string;
  readonly productId: string;
  readonly sku: string;
  readonly options: Readonly<Record<string, string>>;
  readonly price: number;
  readonly weightGrams: number | null;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Existing data that a batch of rows refers to. */
export interface Known extends KnownDetails {
  readonly products: readonly (Product & { readonly variantCount: number })[];
  readonly variants: readonly PlannedVariant[];
  /** Category ids by slug. */
  readonly categories: ReadonlyMap<string, string>;
}

/** A changed record; `before` is undefined for a new one. */
export interface Change<T> {
  readonly before: T | undefined;
  readonly after: T;
}

export type RowOutcome = "created" | "updated" | "unchanged" | "failed";

/** Images that a row names for its product. */
export interface WantedImages {
  readonly row: number;
  readonly productId: string;
  /** URLs, or names of files that came with the rows. */
  readonly images: readonly string[];
}

/** Changes of a batch of rows. */
export interface ImportPlan {
  readonly products: readonly Change<Product>[];
  readonly variants: readonly Change<PlannedVariant>[];
  /** Opening stock by id of the new variant. */
  readonly received: ReadonlyMap<string, number>;
  readonly wanted: readonly WantedImages[];
  readonly outcomes: Readonly<Record<RowOutcome, number>>;
  readonly errors: readonly RowError[];
}

export interface PlanOptions {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly newId: () => string;
  /** Whether the importing user may receive stock; a list: only of these merchants. */
  readonly mayReceive: boolean | readonly string[];
  /** Merchants that the importing user works for; undefined for staff, who import for all. */
  readonly among?: readonly string[] | undefined;
}

/**
 * Plans the changes of a batch, row by row, so that later rows see the effects of earlier ones. Invalid rows
 * change nothing.
 */
export function planImport(rows: readonly ImportRow[], known: Known, options: PlanOptions): ImportPlan {
  const draft = new Draft(known, options);
  const outcomes: Record<RowOutcome, number> = { created: 0, updated: 0, unchanged: 0, failed: 0 };
  const errors: RowError[] = [];
  for (const row of rows) {
    const faults = draft.faultsOf(row);
    errors.push(...faults);
    outcomes[faults.length > 0 ? "failed" : draft.apply(row)] += 1;
  }
  return { ...draft.changes(), outcomes, errors };
}

/** New records have no state before. */
type Tracked<T> = Map<string, { before: T | undefined; after: T }>;

class Draft {
  readonly #options: PlanOptions;
  readonly #known: Known;
  readonly #products: Tracked<Product> = new Map();
  readonly #variants: Tracked<PlannedVariant> = new Map();
  readonly #slugs = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #received = new Map<string, number>();
  readonly #wanted: WantedImages[] = [];

  constructor(known: Known, options: PlanOptions) {
    const { among } = options;
    this.#options = options;
    const own = among && new Map([...known.merchants].filter(([, id]) => among.includes(id)));
    this.#known = { ...known, merchants: own ?? known.merchants };
    for (const { variantCount, ...product } of known.products) {
      this.#products.set(product.slug, { before: product, after: product });
      this.#slugs.set(product.id, product.slug);
      this.#counts.set(product.id, variantCount);
    }
    for (const variant of known.variants)
      this.#variants.set(variant.sku, { before: variant, after: variant });
  }

  faultsOf(row: ImportRow): RowError[] {
    const variant = row.sku === undefined ? undefined : this.#variants.get(row.sku)?.after;
    const faults = this.#takenFaults(row, variant);
    if (faults.length > 0) return faults;
    const fault = (field: string, code: string, message: string) =>
      faults.push({ row: row.row, field, code, message });
    const product = this.#productOf(row, variant);

    if (row.product === undefined && !variant) fault("product", "required", "a new SKU needs a product");
    if (!product && row.product !== undefined && row.name === undefined)
      fault("name", "required", "a new product needs a name");
    if (variant && row.product !== undefined && product?.id !== variant.productId)
      fault("sku", "already-exists", "belongs to another product");
    if (row.category && !this.#known.categories.has(row.category))
      fault("category", "not-found", "category not found");
    for (const { field, code, message } of detailFaults(row, product, this.#known))
      fault(field, code, message);
    faults.push(...this.#sellerFaults(row, product));
    if (product && row.status && !canBecome(product.status, row.status))
      fault("status", "illegal-transition", `status cannot change from ${product.status} to ${row.status}`);
    if (row.sku !== undefined && !variant) {
      if (row.price === undefined) fault("price", "required", "a new variant needs a price");
      if (row.stock && !this.#mayReceive(row, product))
        fault("stock", "forbidden", "receiving stock needs stock:write");
      if (product && (this.#counts.get(product.id) ?? 0) >= variantsPerProduct)
        fault("sku", "limit-reached", `a product has at most ${variantsPerProduct} variants`);
    }
    return faults;
  }

  /** Of products that are not theirs, members hear no more than that a slug or a SKU is taken. */
  #takenFaults({ row, product: slug, sku }: ImportRow, variant: PlannedVariant | undefined): RowError[] {
    const { among } = this.#options;
    if (!among) return [];
    const isForeign = (one: string | undefined) => {
      const product = one === undefined ? undefined : this.#products.get(one)?.after;
      return product !== undefined && !among.includes(product.merchantId ?? "");
    };
    const fault = (field: string) => ({ row, field, code: "already-exists", message: "is taken" });
    return [
      ...(isForeign(slug) ? [fault("product")] : []),
      ...(sku !== undefined && variant && isForeign(this.#slugs.get(variant.productId))
        ? [fault("sku")]
        : []),
    ];
  }

  /** Members import for merchants that they work for, and do not move products from one to another. */
  #sellerFaults(row: ImportRow, product: Product | undefined): RowError[] {
    if (!this.#options.among) return [];
    const fault = (code: string, message: string) => [{ row: row.row, field: "merchant", code, message }];
    const seller = this.#sellerOf(row, product);
    if (seller === undefined)
      return row.merchant ? [] : fault("required", "must be one of the merchants that you work for");
    return product && seller !== product.merchantId
      ? fault("forbidden", "only staff move products to another merchant")
      : [];
  }

  #mayReceive(row: ImportRow, product: Product | undefined): boolean {
    const { mayReceive, among } = this.#options;
    if (typeof mayReceive === "boolean") return mayReceive;
    const seller = this.#sellerOf(row, product);
    // A member's row that names none is at fault already.
    return seller === undefined ? among !== undefined : mayReceive.includes(seller);
  }

  /** Whose product a row is about; of members' new ones by default the only merchant that they work for. */
  #sellerOf({ merchant }: ImportRow, product: Product | undefined): string | undefined {
    if (merchant !== undefined) return this.#known.merchants.get(merchant ?? "");
    if (product) return product.merchantId ?? undefined;
    const { among = [] } = this.#options;
    return among.length === 1 ? among[0] : undefined;
  }

  /** Requires a row without errors. */
  apply(row: ImportRow): RowOutcome {
    const variant = row.sku === undefined ? undefined : this.#variants.get(row.sku)?.after;
    const product = this.#productOf(row, variant);
    const productOutcome = product ? this.#changeProduct(product, row) : this.#addProduct(row);
    const productId = product?.id ?? this.#products.get(row.product ?? "")?.after.id;
    if (row.images && row.images.length > 0 && productId !== undefined)
      this.#wanted.push({ row: row.row, productId, images: row.images });
    if (row.sku === undefined) return productOutcome;
    const variantOutcome = variant ? this.#changeVariant(variant, row) : this.#addVariant(row);
    if (productOutcome === "created" || variantOutcome === "created") return "created";
    return productOutcome === "updated" || variantOutcome === "updated" ? "updated" : "unchanged";
  }

  changes() {
    const changed = <T>(tracked: Tracked<T>) =>
      [...tracked.values()].filter(({ before, after }) => before !== after);
    return {
      products: changed(this.#products),
      variants: changed(this.#variants),
      received: this.#received,
      wanted: this.#wanted,
    };
  }

  #productOf(row: ImportRow, variant: PlannedVariant | undefined): Product | undefined {
    const slug = row.product ?? (variant && this.#slugs.get(variant.productId));
    return slug === undefined ? undefined : this.#products.get(slug)?.after;
  }

  #addProduct(row: ImportRow): RowOutcome {
    const { product: slug = "", name = "", description = "", category, status = "draft" } = row;
    const id = this.#options.newId();
    const categoryId = category ? (this.#known.categories.get(category) ?? null) : null;
    const details = changedDetails(row, undefined, this.#known);
    const merchantId = this.#sellerOf(row, undefined) ?? null;
    const after = {
      id,
      slug,
      name,
      description,
      status,
      categoryId,
      ...details,
      merchantId,
      ...this.#born(),
    };
    this.#products.set(slug, { before: undefined, after });
    this.#slugs.set(id, slug);
    return "created";
  }

  #changeProduct(product: Product, row: ImportRow): RowOutcome {
    const { name = product.name, description = product.description, status = product.status, category } = row;
    const categoryId =
      category === undefined
        ? product.categoryId
        : category && (this.#known.categories.get(category) ?? product.categoryId);
    return this.#track(this.#products, product.slug, product, {
      ...product,
      name,
      description,
      status,
      categoryId,
      ...changedDetails(row, product, this.#known),
    });
  }

  #addVariant({
    product: slug = "",
    sku = "",
    price = 0,
    options = {},
    weightGrams = null,
    stock = 0,
  }: ImportRow): RowOutcome {
    const id = this.#options.newId();
    const productId = this.#products.get(slug)?.after.id ?? "";
    const after = { id, productId, sku, options, price, weightGrams, ...this.#born() };
    this.#variants.set(sku, { before: undefined, after });
    this.#counts.set(productId, (this.#counts.get(productId) ?? 0) + 1);
    if (stock > 0) this.#received.set(id, stock);
    return "created";
  }

  #changeVariant(variant: PlannedVariant, row: ImportRow): RowOutcome {
    const { price = variant.price, options = variant.options, weightGrams = variant.weightGrams } = row;
    return this.#track(this.#variants, variant.sku, variant, { ...variant, price, options, weightGrams });
  }

  #track<T extends { version: number; updatedAt: number }>(
    tracked: Tracked<T>,
    key: string,
    now: T,
    wanted: T,
  ): RowOutcome {
    if (JSON.stringify(now) === JSON.stringify(wanted)) return "unchanged";
    const before = tracked.get(key)?.before;
    // All rows of a batch that change a record make one new version of it.
    const version = before ? before.version + 1 : wanted.version;
    tracked.set(key, { before, after: { ...wanted, version, updatedAt: this.#options.now } });
    return "updated";
  }

  #born() {
    return { version: 1, createdAt: this.#options.now, updatedAt: this.#options.now };
  }
}
