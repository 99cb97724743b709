import { imageProvocations } from "./provocations/image.ts";
import { provokeAll } from "./provocations/provocation.ts";

provokeAll(imageProvocations);
