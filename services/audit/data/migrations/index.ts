import { auditTrail } from "./0001-audit-trail.ts";
import { chain } from "./0002-chain.ts";
import { exportTables } from "./0003-exports.ts";
import { entriesByKind } from "./0004-entries-by-kind.ts";
import { whatCheckpointsSay } from "./0005-what-checkpoints-say.ts";

export const migrations = [auditTrail, chain, exportTables, entriesByKind, whatCheckpointsSay];
