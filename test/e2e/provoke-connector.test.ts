import { provokeAll } from "./provocations/provocation.ts";
import { connectorProvocations } from "./provocations/connector.ts";

provokeAll(connectorProvocations);
