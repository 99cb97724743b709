import { provokeAll } from "./provocations/provocation.ts";
import { cliProvocations } from "./provocations/cli.ts";

provokeAll(cliProvocations);
