import { text } from "../../../../mixins/contract/fields.ts";
import { defineResource } from "../../../../mixins/resource/define-resource.ts";

/** A resource whose rows belong to users and that staff see as a whole. */
const wishes = defineResource({
  name: "wishes",
  item: "wish",
  summary: "Wishes, for tests of resources",
  fields: { title: text(80) },
  access: { ownerOr: "orders:read" },
  owner: "caller",
  unique: ["title"],
  limit: { rows: 3, beyond: "refuse" },
});

export default wishes.service();
