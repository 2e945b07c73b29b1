import { ShopError } from "../../../mixins/contract/errors.ts";
import { action } from "../merchants.dependencies.ts";
import { presentTerms } from "../present.ts";
import { publishTerms } from "../publish-terms.ts";

export const setTerms = action("merchants.terms.set", async (context, { merchants, terms }) => {
  const { params, now, transaction, fail } = context;
  const { basisPoints, categories, expectedVersion } = params;
  const validFrom = params.validFrom === undefined ? now : Date.parse(params.validFrom);
  if (validFrom < now) throw inThePast();
  return transaction(async (tx) => {
    const merchant = await merchants.lock(params.id, tx);
    if (!merchant) throw fail("not-found");
    if (merchant.termsVersion !== expectedVersion) throw fail("precondition-failed");
    const version = merchant.termsVersion + 1;
    const changed = { version, validFrom, basisPoints, categories };
    await terms.add(merchant.id, { ...changed, createdAt: now }, tx);
    await merchants.setTermsVersion(merchant.id, version, tx);
    publishTerms(merchant.id, changed, tx);
    return presentTerms({ ...merchant, termsVersion: version }, await terms.of(merchant.id, tx));
  });
});

function inThePast(): ShopError {
  return new ShopError("validation-failed", undefined, {
    errors: [{ path: "validFrom", code: "invalid-value", message: "must not be in the past" }],
  });
}
