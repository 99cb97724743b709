import { provokeAll } from "./provocations/provocation.ts";
import { packProvocations } from "./provocations/pack.ts";

provokeAll(packProvocations);
