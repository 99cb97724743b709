import { provokeAll } from "./provocations/provocation.ts";
import { suiteProvocations } from "./provocations/suite.ts";

provokeAll(suiteProvocations);
