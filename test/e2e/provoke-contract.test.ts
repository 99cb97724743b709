import { provokeAll } from "./provocations/provocation.ts";
import { contractProvocations } from "./provocations/contract.ts";

provokeAll(contractProvocations);
