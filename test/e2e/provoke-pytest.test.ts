import { provokeAll } from "./provocations/provocation.ts";
import { pytestProvocations } from "./provocations/pytest.ts";

provokeAll(pytestProvocations);
