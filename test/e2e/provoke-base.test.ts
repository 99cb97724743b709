import { baseProvocations } from "./provocations/base.ts";
import { provokeAll } from "./provocations/provocation.ts";

provokeAll(baseProvocations);
