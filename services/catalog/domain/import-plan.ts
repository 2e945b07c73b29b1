import type { ImportRow, RowError } from "./import-row.ts";
import type { ProductStatus } from "./product-lifecycle.ts";
import { canBecome, variantsPerProduct } from "./product-lifecycle.ts";

/** A product as an import changes it. */
export interface PlannedProduct {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly status: ProductStatus;
  readonly categoryId: string | null;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A variant as an import changes it. The price is in minor units. */
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

/** What there is of that which a batch of rows speaks of. */
export interface Known {
  readonly products: readonly (PlannedProduct & { readonly variantCount: number })[];
  readonly variants: readonly PlannedVariant[];
  /** Ids of categories by slug. */
  readonly categories: ReadonlyMap<string, string>;
}

/** Something that differs from how it was; `before` is undefined for what is new. */
export interface Change<T> {
  readonly before: T | undefined;
  readonly after: T;
}

export type RowOutcome = "created" | "updated" | "unchanged" | "failed";

/** What a batch of rows comes to. */
export interface ImportPlan {
  readonly products: readonly Change<PlannedProduct>[];
  readonly variants: readonly Change<PlannedVariant>[];
  /** Opening stock by the id of the new variant. */
  readonly received: ReadonlyMap<string, number>;
  readonly outcomes: Readonly<Record<RowOutcome, number>>;
  readonly errors: readonly RowError[];
}

export interface PlanOptions {
  /** Milliseconds since 1970, UTC. */
  readonly now: number;
  readonly newId: () => string;
  /** Whether who imports may receive stock. */
  readonly mayReceive: boolean;
}

/**
 * Decides what rows change, one after the other, so that a later row finds what an earlier one has made. A row with a
 * fault changes nothing.
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

/** What is new has no state before. */
type Tracked<T> = Map<string, { before: T | undefined; after: T }>;

class Draft {
  readonly #options: PlanOptions;
  readonly #categories: ReadonlyMap<string, string>;
  readonly #products: Tracked<PlannedProduct> = new Map();
  readonly #variants: Tracked<PlannedVariant> = new Map();
  readonly #slugs = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #received = new Map<string, number>();

  constructor(known: Known, options: PlanOptions) {
    this.#options = options;
    this.#categories = known.categories;
    for (const { variantCount, ...product } of known.products) {
      this.#products.set(product.slug, { before: product, after: product });
      this.#slugs.set(product.id, product.slug);
      this.#counts.set(product.id, variantCount);
    }
    for (const variant of known.variants) this.#variants.set(variant.sku, { before: variant, after: variant });
  }

  faultsOf(row: ImportRow): RowError[] {
    const faults: RowError[] = [];
    const fault = (field: string, code: string, message: string) => faults.push({ row: row.row, field, code, message });
    const variant = row.sku === undefined ? undefined : this.#variants.get(row.sku)?.after;
    const product = this.#productOf(row, variant);

    if (row.product === undefined && !variant) fault("product", "required", "a new SKU needs a product");
    if (!product && row.product !== undefined && row.name === undefined) fault("name", "required", "a new product needs a name");
    if (variant && row.product !== undefined && product?.id !== variant.productId)
      fault("sku", "already-exists", "belongs to another product");
    if (row.category && !this.#categories.has(row.category)) fault("category", "not-found", "there is no such category");
    if (product && row.status && !canBecome(product.status, row.status))
      fault("status", "illegal-transition", `a product that is ${product.status} cannot become ${row.status}`);
    if (row.sku !== undefined && !variant) {
      if (row.price === undefined) fault("price", "required", "a new variant needs a price");
      if (row.stock && !this.#options.mayReceive) fault("stock", "forbidden", "receiving stock needs stock:write");
      if (product && (this.#counts.get(product.id) ?? 0) >= variantsPerProduct)
        fault("sku", "limit-reached", `a product has at most ${variantsPerProduct} variants`);
    }
    return faults;
  }

  /** For a row without faults. */
  apply(row: ImportRow): RowOutcome {
    const variant = row.sku === undefined ? undefined : this.#variants.get(row.sku)?.after;
    const product = this.#productOf(row, variant);
    const productOutcome = product ? this.#changeProduct(product, row) : this.#addProduct(row);
    if (row.sku === undefined) return productOutcome;
    const variantOutcome = variant ? this.#changeVariant(variant, row) : this.#addVariant(row);
    if (productOutcome === "created" || variantOutcome === "created") return "created";
    return productOutcome === "updated" || variantOutcome === "updated" ? "updated" : "unchanged";
  }

  changes() {
    const changed = <T>(tracked: Tracked<T>) => [...tracked.values()].filter(({ before, after }) => before !== after);
    return { products: changed(this.#products), variants: changed(this.#variants), received: this.#received };
  }

  #productOf(row: ImportRow, variant: PlannedVariant | undefined): PlannedProduct | undefined {
    const slug = row.product ?? (variant && this.#slugs.get(variant.productId));
    return slug === undefined ? undefined : this.#products.get(slug)?.after;
  }

  #addProduct({ product: slug = "", name = "", description = "", category, status = "draft" }: ImportRow): RowOutcome {
    const id = this.#options.newId();
    const categoryId = category ? (this.#categories.get(category) ?? null) : null;
    const after = { id, slug, name, description, status, categoryId, ...this.#born() };
    this.#products.set(slug, { before: undefined, after });
    this.#slugs.set(id, slug);
    return "created";
  }

  #changeProduct(product: PlannedProduct, row: ImportRow): RowOutcome {
    const { name = product.name, description = product.description, status = product.status, category } = row;
    const categoryId =
      category === undefined ? product.categoryId : category && (this.#categories.get(category) ?? product.categoryId);
    return this.#track(this.#products, product.slug, product, { ...product, name, description, status, categoryId });
  }

  #addVariant({ product: slug = "", sku = "", price = 0, options = {}, weightGrams = null, stock = 0 }: ImportRow): RowOutcome {
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

  #track<T extends { version: number; updatedAt: number }>(tracked: Tracked<T>, key: string, now: T, wanted: T): RowOutcome {
    if (JSON.stringify(now) === JSON.stringify(wanted)) return "unchanged";
    const before = tracked.get(key)?.before;
    // However many rows of a batch change it, it is one new version.
    const version = before ? before.version + 1 : wanted.version;
    tracked.set(key, { before, after: { ...wanted, version, updatedAt: this.#options.now } });
    return "updated";
  }

  #born() {
    return { version: 1, createdAt: this.#options.now, updatedAt: this.#options.now };
  }
}
