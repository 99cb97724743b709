import { lists } from "./tests.ts";

lists(100000);
