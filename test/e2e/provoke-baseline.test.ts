import { baselineProvocations } from "./provocations/baseline.ts";
import { provokeAll } from "./provocations/provocation.ts";

provokeAll(baselineProvocations);
