import type { DemoShape, Texts } from "../../../catalog/demo/demo-kind.ts";

/** What becomes of an application. */
export type DemoStatus = "active" | "pending" | "rejected" | "suspended" | "closed";

export interface DemoMerchant {
  /** Also the host of its addresses: `owner@<slug>.example`. */
  readonly slug: string;
  readonly name: Texts;
  readonly description: Texts;
  readonly owner: string;
  readonly status: DemoStatus;
  /** Slugs of the sections of the mall whose products are its own. */
  readonly sections: readonly string[];
  readonly logo: { readonly shape: DemoShape; readonly hue: number };
  readonly city: DemoCity;
}

export type DemoCity =
  | "london"
  | "leeds"
  | "shanghai"
  | "hangzhou"
  | "tokyo"
  | "kyoto"
  | "berlin"
  | "seattle";

type Rest = Pick<DemoMerchant, "owner" | "city" | "sections"> & { readonly status?: DemoStatus };

export function merchant(
  slug: string,
  name: Texts,
  description: Texts,
  [shape, hue]: readonly [DemoShape, number],
  rest: Rest,
): DemoMerchant {
  return { slug, name, description, logo: { shape, hue }, status: "active", ...rest };
}
