import { ShopError } from "../../../mixins/contract/errors.ts";
import type { TemplateContent } from "../domain/template.ts";
import { faultsOf } from "../domain/template.ts";
import type { KindName } from "../domain/kinds.ts";
import { presentTemplate } from "../present.ts";
import { action } from "../notifications.dependencies.ts";

export const putTemplate = action(
  "notifications.templates.put",
  async ({ params, now, transaction, fail }, { templates, locales }) => {
    const { kind, subject, text, html, short, expectedVersion } = params;
    const locale = locales.named(params.locale);
    if (locale === undefined) throw fail("not-found");
    const content = { subject, text, html, short };
    assertSafe(kind, content);
    const version = expectedVersion + 1;
    const saved = { kind, locale, ...content, version, updatedAt: now };
    await transaction(async (tx) => {
      if (!(await templates.save(saved, tx))) throw fail("precondition-failed");
      tx.publish("notifications.template-changed", { template: `${kind}/${locale}`, version });
    });
    return presentTemplate(kind, locale, saved);
  },
);

/** @throws ShopError `validation-failed` with the faults of each part */
export function assertSafe(kind: KindName, content: TemplateContent): void {
  const faults = faultsOf(kind, content);
  if (faults.length === 0) return;
  const errors = faults.map(({ path, message }) => ({ path, code: "bad-template", message }));
  throw new ShopError("validation-failed", undefined, { errors });
}
