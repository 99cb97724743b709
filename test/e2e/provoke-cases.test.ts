import { provokeAll } from "./provocations/provocation.ts";
import { caseProvocations } from "./provocations/cases.ts";

provokeAll(caseProvocations);
