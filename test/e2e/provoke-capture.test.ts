import { captureProvocations } from "./provocations/capture.ts";
import { provokeAll } from "./provocations/provocation.ts";

provokeAll(captureProvocations);
