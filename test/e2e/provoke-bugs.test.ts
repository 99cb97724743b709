import { bugProvocations } from "./provocations/bugs.ts";
import { provokeAll } from "./provocations/provocation.ts";

provokeAll(bugProvocations);
