import { provokeAll } from "./provocations/provocation.ts";
import { stdioProvocations } from "./provocations/stdio.ts";

provokeAll(stdioProvocations);
