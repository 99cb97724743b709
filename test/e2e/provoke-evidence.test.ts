import { evidenceProvocations } from "./provocations/evidence.ts";
import { provokeAll } from "./provocations/provocation.ts";

provokeAll(evidenceProvocations);
