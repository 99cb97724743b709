import { provokeAll } from "./provocations/provocation.ts";
import { endpointProvocations } from "./provocations/endpoint.ts";

provokeAll(endpointProvocations);
