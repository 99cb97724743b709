import { lists } from "./tests.ts";

lists(1000000);
